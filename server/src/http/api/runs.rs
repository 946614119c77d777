use axum::{
    Json,
    extract::{Extension, Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    AccountId, Arn, Page,
    change::{ItemFilter, RunItem},
    runs::{Run, RunEvent, RunState},
};
use tidemark_services::runs::{self, RunDetail, RunListFilter};

use super::run_id;
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// Which runs.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<RunState>,
    account: Option<AccountId>,
    resource: Option<Arn>,
    cursor: Option<String>,
    limit: Option<u16>,
}

/// A page of runs, newest first
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs",
    params(
        ("state" = Option<String>, Query, description = "Only runs in this state"),
        ("account" = Option<String>, Query, description = "Only runs in this account"),
        ("resource" = Option<String>, Query, description = "Only runs about this resource (ARN)"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Runs and the cursor of the next page; owners see their own", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<Page<Run>>, Problem> {
    let filter = RunListFilter {
        states: which.state.into_iter().collect(),
        account: which.account,
        resource: which.resource,
        cursor: which.cursor,
        limit: which.limit,
    };
    Ok(Json(
        runs::list(&web.services, &visitor.caller, &filter).await?,
    ))
}

/// One run with its steps and log
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs",
    params(("id" = String, Path, description = "Id of the run")),
    responses(
        (status = 200, description = "The run, its steps and its log", body = Object),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<RunDetail>, Problem> {
    Ok(Json(
        runs::get(&web.services, &visitor.caller, run_id(&id)?).await?,
    ))
}

/// From where on.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: u64,
}

/// The events of a run after a number
///
/// `/runs/{id}/events` sends the same live, as server-sent events.
#[utoipa::path(get, path = "/api/v1/runs/{id}/events", tag = "runs",
    params(
        ("id" = String, Path, description = "Id of the run"),
        ("after" = Option<u64>, Query, description = "Only events with a larger number; 0 by default"),
    ),
    responses(
        (status = 200, description = "Up to 1,000 events in order", body = Vec<Object>),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
    ))]
pub(crate) async fn events(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Filter(After { after }): Filter<After>,
) -> Result<Json<Vec<RunEvent>>, Problem> {
    Ok(Json(
        runs::events(&web.services, &visitor.caller, run_id(&id)?, after).await?,
    ))
}

/// What became of each point of a run
///
/// Runs that delete points or change lifecycles have items; others have none.
#[utoipa::path(get, path = "/api/v1/runs/{id}/items", tag = "runs",
    params(
        ("id" = String, Path, description = "Id of the run"),
        ("state" = Option<String>, Query, description = "pending, asked, done, left or failed"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 1000, 50 by default"),
    ),
    responses(
        (status = 200, description = "Items in their order, and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
    ))]
pub(crate) async fn items(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Filter(filter): Filter<ItemFilter>,
) -> Result<Json<Page<RunItem>>, Problem> {
    Ok(Json(
        runs::items(&web.services, &visitor.caller, run_id(&id)?, &filter).await?,
    ))
}

/// Why a run is to stop.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reason {
    #[serde(default)]
    reason: String,
}

/// Ask a run to stop
///
/// What it did is undone.
#[utoipa::path(post, path = "/api/v1/runs/{id}/cancel", tag = "runs",
    params(("id" = String, Path, description = "Id of the run")),
    request_body(content = Object, description = "reason"),
    responses(
        (status = 202, description = "The run was asked to stop"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
        (status = 409, description = "It has ended", body = Problem),
    ))]
pub(crate) async fn cancel(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Body(Reason { reason }): Body<Reason>,
) -> Result<StatusCode, Problem> {
    runs::cancel(&web.services, &visitor.caller, run_id(&id)?, &reason).await?;
    Ok(StatusCode::ACCEPTED)
}
