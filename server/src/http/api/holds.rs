use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    Page,
    vaults::{HoldFilter, HoldPlan, HoldRequest, HoldRow},
};
use tidemark_services::holds::{self, HoldConfirmed};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// A page of legal holds, newest first
#[utoipa::path(get, path = "/api/v1/holds", tag = "holds",
    params(
        ("text" = Option<String>, Query, description = "Part of title or description"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("active" = Option<bool>, Query, description = "Only holds that keep something, or only the others"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Legal holds with how many points they keep, and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<HoldFilter>,
) -> Result<Json<Page<HoldRow>>, Problem> {
    Ok(Json(
        holds::list(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// What making or releasing a legal hold would do
///
/// Nothing is changed. The plan's `digest` goes into the change.
#[utoipa::path(post, path = "/api/v1/holds/plan", tag = "holds",
    request_body(content = Object, description = "account, region; change: {create: {title, description, vaults, resources, from, until}} or {release: {hold, retain_record_days}}. An unknown member is refused"),
    responses(
        (status = 200, description = "The known points that it takes or lets go, and what was checked", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "The account or the hold is unknown", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<HoldRequest>,
) -> Result<Json<HoldPlan>, Problem> {
    Ok(Json(
        holds::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// A change as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: HoldRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

/// Make or release a legal hold
///
/// Of a release, AWS keeps the reason with the hold.
#[utoipa::path(post, path = "/api/v1/holds/changes", tag = "holds",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The hold, or what would be done, is another by now", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = HoldConfirmed {
        digest: start.digest,
        reason: start.reason,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let run = holds::start(services, caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
