use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    Arn, Page, VaultDetail, VaultFilter, VaultRow,
    vaults::{VaultPlan, VaultRequest},
};
use tidemark_services::vaults::{self, VaultConfirmed};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// A page of vaults, by name
#[utoipa::path(get, path = "/api/v1/vaults", tag = "vaults",
    params(
        ("text" = Option<String>, Query, description = "Part of the name"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("locked" = Option<bool>, Query, description = "Only locked vaults, or only the others"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Vaults with what lies in them, and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<VaultFilter>,
) -> Result<Json<Page<VaultRow>>, Problem> {
    Ok(Json(
        vaults::list(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// Which vault.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    arn: Arn,
}

/// One vault
#[utoipa::path(get, path = "/api/v1/vault", tag = "vaults",
    params(("arn" = String, Query, description = "ARN of the vault")),
    responses(
        (status = 200, description = "Its lock, access policy, legal holds and contents", body = Object),
        (status = 400, description = "The ARN is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<VaultDetail>, Problem> {
    Ok(Json(
        vaults::get(&web.services, &visitor.caller, &which.arn).await?,
    ))
}

/// What a change of a vault would do
///
/// Nothing is changed. The plan's `digest` goes into the change. Of a lock, the plan has the rehearsal: which rules'
/// jobs would fail, and which points lie outside its limits.
#[utoipa::path(post, path = "/api/v1/vaults/plan", tag = "vaults",
    request_body(content = Object, description = "account, region, vault; change: {create: {key, tags, policy}}, {policy: {allow_copies: {accounts}}}, {policy: {stop_copies: {accounts}}}, {policy: deny_deletion}, {policy: allow_deletion}, {policy: {write: {policy}}}, {policy: remove}, {lock: {mode, changeable_for_days, min_retention_days, max_retention_days, accept_failures}}, unlock or delete. An unknown member is refused"),
    responses(
        (status = 200, description = "What would happen, in sentences, with the policy before and after, the rehearsal of a lock and what was checked", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account or the vault is unknown", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<VaultRequest>,
) -> Result<Json<VaultPlan>, Problem> {
    Ok(Json(
        vaults::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// A change as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: VaultRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    confirmation: Option<String>,
}

/// Create, lock, unlock or delete a vault, or change its access policy
///
/// Refused when the vault, or the plans that use it, have changed since the plan with that digest was made.
#[utoipa::path(post, path = "/api/v1/vaults/changes", tag = "vaults",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason; confirmation: the vault's name, where the plan asks for it"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule, or the vault's name was not typed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The vault, or what would be done, is another by now, or a check forbids it", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = VaultConfirmed {
        digest: start.digest,
        reason: start.reason,
        confirmation: start.confirmation,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let run = vaults::start(services, caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
