use axum::{
    Json,
    extract::{Extension, Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use tidemark_app::{server_fns::accounts::PermissionQuery, ssr::Visitor};
use tidemark_domain::{
    AccountId, AccountSummary, Features,
    enrol::{EnrolPlan, Enrolled},
    permissions::{AccountPermissions, PermissionRow},
};
use tidemark_services::{
    accounts::{self, Enrol, TemplateRequest},
    permissions,
};
use utoipa::ToSchema;

use super::parse;
use crate::http::{
    Problem, Web,
    extract::{Body, Filter, NoBody},
};

/// Every registered account with the state of its Regions
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", responses(
    (status = 200, description = "Accounts by alias, each Region fresh, stale, denied or unreachable with the cause", body = Vec<Object>),
    (status = 401, description = "Not signed in", body = Problem),
))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Vec<AccountSummary>>, Problem> {
    Ok(Json(accounts::list(&web.services, &visitor.caller).await?))
}

/// One account
#[utoipa::path(get, path = "/api/v1/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "Account id: exactly 12 digits")),
    responses(
        (status = 200, description = "The account", body = Object),
        (status = 400, description = "The account id is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    account: Path<String>,
) -> Result<Json<AccountSummary>, Problem> {
    let account = parse(account)?;
    Ok(Json(
        accounts::get(&web.services, &visitor.caller, &account).await?,
    ))
}

/// Which rows of the table of permissions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rows {
    account: String,
    region: String,
    feature: String,
    state: String,
    lost: String,
}

/// What each account's role may do in each Region, by feature
#[utoipa::path(get, path = "/api/v1/accounts/permissions", tag = "accounts",
    params(
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("feature" = Option<String>, Query, description = "With `state`: only rows in which this feature stands so"),
        ("state" = Option<String>, Query, description = "allowed, mostly, denied, unknown or off"),
        ("lost" = Option<String>, Query, description = "yes for roles that may no longer do what they once could"),
    ),
    responses(
        (status = 200, description = "Rows by alias and Region", body = Vec<Object>),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn permission_rows(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(rows): Filter<Rows>,
) -> Result<Json<Vec<PermissionRow>>, Problem> {
    let query = PermissionQuery {
        account: rows.account,
        region: rows.region,
        feature: rows.feature,
        state: rows.state,
        lost: rows.lost,
    };
    let filter = query.filter()?;
    Ok(Json(
        permissions::list(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// What an account's role may do, action by action, and the policy that it lacks
#[utoipa::path(get, path = "/api/v1/accounts/{account}/permissions", tag = "accounts",
    params(("account" = String, Path, description = "Account id: exactly 12 digits")),
    responses(
        (status = 200, description = "The last report of each Region, with what mends it, and what came and went", body = Object),
        (status = 400, description = "The account id is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub(crate) async fn permissions_of(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    account: Path<String>,
) -> Result<Json<AccountPermissions>, Problem> {
    let account = parse(account)?;
    Ok(Json(
        permissions::show(&web.services, &visitor.caller, &account).await?,
    ))
}

/// Ask for new reports on what an account's role may do
///
/// The worker makes them; the reports have their time.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/permissions", tag = "accounts",
    params(("account" = String, Path, description = "Account id: exactly 12 digits")),
    responses(
        (status = 202, description = "Asked for"),
        (status = 400, description = "The account id is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub(crate) async fn refresh_permissions(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    account: Path<String>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let account = parse(account)?;
    permissions::refresh(&web.services, &visitor.caller, &account).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which template.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WantedTemplate {
    /// Account ids; none is every account.
    #[serde(default)]
    accounts: Vec<String>,
    /// `cloudformation` (by default), `terraform` or `json`.
    #[serde(default)]
    format: String,
    /// What the roles are made for, if not what the accounts are registered with: `all`, `none`, or names of features.
    #[serde(default)]
    features: Option<String>,
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Template {
    /// Its text. It names external ids.
    template: String,
}

/// The template that makes the roles: one for all the accounts that are named
#[utoipa::path(post, path = "/api/v1/accounts/template", tag = "accounts", request_body = WantedTemplate,
    responses(
        (status = 200, description = "The template", body = Template),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "An account is not registered", body = Problem),
        (status = 409, description = "No one template can serve these accounts", body = Problem),
    ))]
pub(crate) async fn template(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wanted): Body<WantedTemplate>,
) -> Result<Json<Template>, Problem> {
    let request = TemplateRequest {
        accounts: wanted
            .accounts
            .iter()
            .map(AccountId::parse)
            .collect::<Result<_, _>>()?,
        format: wanted.format.parse()?,
        features: wanted
            .features
            .as_deref()
            .map(Features::parse)
            .transpose()?,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let template = accounts::template(services, caller, &request, &web.account).await?;
    Ok(Json(Template { template }))
}

/// Accounts as a file.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AccountFile {
    /// Comma-separated values, the first line naming the columns: account, alias, regions, role, features.
    file: String,
}

/// What registering the accounts of a file would do
#[utoipa::path(post, path = "/api/v1/accounts/enrolment/plan", tag = "accounts", request_body = AccountFile,
    responses(
        (status = 200, description = "What would be registered, and what is wrong with its line and column", body = Object),
        (status = 400, description = "The body is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn plan_enrolment(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wanted): Body<AccountFile>,
) -> Result<Json<EnrolPlan>, Problem> {
    Ok(Json(
        accounts::plan_enrolment(&web.services, &visitor.caller, &wanted.file).await?,
    ))
}

/// Accounts as a file, to be registered as they were shown.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Enrolment {
    /// The file whose plan was shown.
    file: String,
    /// The plan's digest.
    digest: String,
    /// Registers what is right, though something is wrong.
    #[serde(default)]
    skip_wrong: bool,
}

/// Register the accounts of a file
///
/// Nothing is registered while anything is wrong in it, unless `skip_wrong` asks for the rest.
#[utoipa::path(post, path = "/api/v1/accounts/enrolment", tag = "accounts", request_body = Enrolment,
    responses(
        (status = 200, description = "What became of each account", body = Object),
        (status = 400, description = "The body is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "Something is wrong in the file, or it would do something else by now", body = Problem),
    ))]
pub(crate) async fn enrol(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(wanted): Body<Enrolment>,
) -> Result<Json<Enrolled>, Problem> {
    accounts::check_console_account(&web.account)?;
    let request = Enrol {
        file: wanted.file,
        digest: wanted.digest,
        skip_wrong: wanted.skip_wrong,
    };
    Ok(Json(
        accounts::enrol(&web.services, &visitor.caller, &request).await?,
    ))
}

/// Whether to make a new external id, or to give one up.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Rotation {
    /// Gives up the one that waits for the role to take it.
    #[serde(default)]
    give_up: bool,
}

/// Make a new external id for an account, beside the old one until its role takes it
#[utoipa::path(post, path = "/api/v1/accounts/{account}/rotate", tag = "accounts", request_body = Rotation,
    params(("account" = String, Path, description = "Account id: exactly 12 digits")),
    responses(
        (status = 200, description = "The account as it is now", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Not registered", body = Problem),
        (status = 409, description = "One waits already, or none does that could be given up", body = Problem),
    ))]
pub(crate) async fn rotate(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    account: Path<String>,
    Body(wanted): Body<Rotation>,
) -> Result<Json<AccountSummary>, Problem> {
    let account = parse(account)?;
    accounts::rotate(&web.services, &visitor.caller, &account, wanted.give_up).await?;
    Ok(Json(
        accounts::get(&web.services, &visitor.caller, &account).await?,
    ))
}
