use axum::{
    Json,
    extract::{Extension, State},
    http::{HeaderName, StatusCode, header},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{RestorePlan, RestoreRequest, runs::RunId};
use tidemark_services::restore;

use super::Started;
use crate::http::{Problem, Web, extract::Body};

/// What a restore would do
///
/// Nothing is changed. The plan's `digest` goes into the start, and where the plan has a `confirmation`,
/// because something that exists is changed or may be, so does that text.
#[utoipa::path(post, path = "/api/v1/restores/plan", tag = "restores",
    request_body(content = Object, description = "resource, source, target_table, metadata, service_role, put_back, tags, reason"),
    responses(
        (status = 200, description = "The destination; what will be created, changed and kept; which backup plans take it; every check", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown resource or point", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<RestoreRequest>,
) -> Result<Json<RestorePlan>, Problem> {
    Ok(Json(
        restore::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// A restore as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: RestoreRequest,
    digest: String,
    confirmation: Option<String>,
}

/// Start a restore
///
/// Refused when the world has changed since the plan with that digest was made, and when the plan asks
/// for a `confirmation` that was not given.
#[utoipa::path(post, path = "/api/v1/restores", tag = "restores",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; confirmation, where the plan asks for one"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
        (status = 422, description = "A check forbids it", body = Problem),
    ))]
pub(crate) async fn start(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let request = RestoreRequest {
        confirmation: start.confirmation,
        ..start.request
    };
    let run = restore::start(&web.services, &visitor.caller, request, &start.digest).await?;
    Ok(accepted(run))
}

/// 202 with the run and where to follow it.
pub(crate) type Accepted = (StatusCode, [(HeaderName, String); 1], Json<Started>);

pub(crate) fn accepted(run: RunId) -> Accepted {
    (
        StatusCode::ACCEPTED,
        [(header::LOCATION, format!("/api/v1/runs/{run}"))],
        Json(Started { run }),
    )
}
