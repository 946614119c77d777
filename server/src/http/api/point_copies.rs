use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::copies::{CopyPlan, CopyRequest};
use tidemark_services::points::{self, copy::CopyConfirmed};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{Problem, Web, extract::Body};

/// Which copies of recovery points would be made, and what stands in their way
///
/// Nothing is started. The plan's `digest` goes into the start.
#[utoipa::path(post, path = "/api/v1/points/copies/plan", tag = "points",
    request_body(content = Object, description = "selection: {matching: filter} or {picked: [account/ARN]}; all: true where an empty filter is meant; destination: ARN of the vault; lifecycle: {cold_after_days, delete_after_days} in days from the creation of each source, none for the source's own; service_role: ARN of a role in the account of the points; anyway: true to try also what is expected to fail. An unknown member is refused"),
    responses(
        (status = 200, description = "How many, from where, the findings with what to do, and how many are skipped", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "None of the points is known", body = Problem),
    ))]
pub(crate) async fn plan_copies(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<CopyRequest>,
) -> Result<Json<CopyPlan>, Problem> {
    Ok(Json(
        points::copy::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// Copies as they were shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: CopyRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    token: String,
}

/// Copy recovery points into another vault
///
/// Refused when the world has changed since the plan with that digest was made. The run's results are at
/// `/api/v1/runs/{id}/items`.
#[utoipa::path(post, path = "/api/v1/points/copies", tag = "points",
    request_body(content = Object, description = "request, as for the plan; the plan's digest; reason; token, the same for a request that is sent twice"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn copy(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = CopyConfirmed {
        digest: start.digest,
        reason: start.reason,
        token: start.token,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let run = points::copy::start(services, caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
