use axum::{
    Json,
    extract::{Extension, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{JobCause, JobFilter, JobRow, Page};
use tidemark_services::jobs;

use crate::http::{Problem, Web, extract::Filter};

/// A page of backup, copy and restore jobs, newest first
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs",
    params(
        ("kind" = Option<String>, Query, description = "`backup`, `copy` or `restore`"),
        ("outcome" = Option<String>, Query, description = "`failed`, `running` or `completed`"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("text" = Option<String>, Query, description = "Part of the resource's ARN or of the message"),
        ("since" = Option<String>, Query, description = "Only jobs asked for at this time or later, such as 2026-11-21T00:00:00Z"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Jobs of the last 30 days, and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<JobFilter>,
) -> Result<Json<Page<JobRow>>, Problem> {
    Ok(Json(
        jobs::list(&web.services, &visitor.caller, filter).await?,
    ))
}

/// Since when.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    since: Timestamp,
}

/// Why jobs failed, by AWS's own words, the most frequent first
#[utoipa::path(get, path = "/api/v1/jobs/causes", tag = "jobs",
    params(("since" = String, Query, description = "Jobs asked for at this time or later, such as 2026-11-21T00:00:00Z")),
    responses(
        (status = 200, description = "Causes, each with how many jobs, resources and accounts it hit", body = Object),
        (status = 400, description = "The time is missing or malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
    ))]
pub(crate) async fn causes(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(Since { since }): Filter<Since>,
) -> Result<Json<Vec<JobCause>>, Problem> {
    Ok(Json(
        jobs::causes(&web.services, &visitor.caller, since).await?,
    ))
}
