use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{
    Arn, Page, PointDetail, PointFilter, RecoveryPoint,
    change::{ChangePlan, ChangeRequest},
};
use tidemark_services::points::{self, change::Confirmed};

use super::{
    Started,
    restores::{Accepted, accepted},
};
use crate::http::{
    Problem, Web,
    extract::{Body, Filter},
};

/// A page of recovery points, newest first
#[utoipa::path(get, path = "/api/v1/points", tag = "points",
    params(
        ("resource" = Option<String>, Query, description = "Only points of this resource (ARN)"),
        ("account" = Option<String>, Query, description = "Only points in this account"),
        ("region" = Option<String>, Query, description = "Only points in this Region"),
        ("vault" = Option<String>, Query, description = "Only points in vaults of this name"),
        ("resource_type" = Option<String>, Query, description = "Only points of this type, as AWS Backup names it"),
        ("status" = Option<String>, Query, description = "Only points in this status, as AWS words it"),
        ("tier" = Option<String>, Query, description = "warm or cold"),
        ("source" = Option<String>, Query, description = "aws_backup, continuous, dynamo_db_backup, dynamo_db_system or memory_db_snapshot"),
        ("plan" = Option<String>, Query, description = "Only points that this plan made"),
        ("text" = Option<String>, Query, description = "Part of the resource's name or ARN, or the ARN of a point"),
        ("tag" = Option<String>, Query, description = "Tag of the resource: key, or key=value"),
        ("held" = Option<bool>, Query, description = "Only points under a legal hold, or only the others"),
        ("locked" = Option<bool>, Query, description = "Only points in locked vaults, or only the others"),
        ("from" = Option<String>, Query, description = "Only points made at or after (RFC 3339)"),
        ("until" = Option<String>, Query, description = "Only points made before (RFC 3339)"),
        ("oldest_first" = Option<bool>, Query, description = "From the oldest to the newest"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 1000, 50 by default"),
    ),
    responses(
        (status = 200, description = "Points and the cursor of the next page; owners see those of their resources", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<PointFilter>,
) -> Result<Json<Page<RecoveryPoint>>, Problem> {
    Ok(Json(
        points::list(&web.services, &visitor.caller, filter).await?,
    ))
}

/// Which point.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    arn: Arn,
}

/// One recovery point
#[utoipa::path(get, path = "/api/v1/point", tag = "points",
    params(("arn" = String, Query, description = "ARN of the point")),
    responses(
        (status = 200, description = "The point, its vault, legal holds, and the lineage of its copies", body = Object),
        (status = 400, description = "The ARN is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<PointDetail>, Problem> {
    Ok(Json(
        points::detail(&web.services, &visitor.caller, &which.arn).await?,
    ))
}

/// What a change of many points would do
///
/// Nothing is changed. The plan's `digest` and `confirmation` go into the change.
#[utoipa::path(post, path = "/api/v1/points/plan", tag = "points",
    request_body(content = Object, description = "action: {do: delete} or {do: change_lifecycle, cold, delete_after_days}; selection: {matching: filter} or {picked: [account/ARN]}, where the filter has the members of the query string of /api/v1/points; all: true where an empty filter, which takes every recovery point of every account, is meant. An unknown member is refused"),
    responses(
        (status = 200, description = "How many, where, what is left and why, and from when to when the resources can be restored afterwards", body = Object),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "None of the points is known", body = Problem),
    ))]
pub(crate) async fn plan(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(request): Body<ChangeRequest>,
) -> Result<Json<ChangePlan>, Problem> {
    Ok(Json(
        points::change::plan(&web.services, &visitor.caller, request).await?,
    ))
}

/// A change as it was shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    request: ChangeRequest,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    confirmation: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    token: String,
}

/// Delete many points, or change their lifecycles
///
/// Refused when the world has changed since the plan with that digest was made. The run's results are
/// at `/api/v1/runs/{id}/items`.
#[utoipa::path(post, path = "/api/v1/points/changes", tag = "points",
    request_body(content = Object, description = "request, as for the plan; the plan's digest and confirmation; reason; token, the same for a request that is sent twice"),
    responses(
        (status = 202, description = "The run was begun", body = Started),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The plan is another one by now", body = Problem),
    ))]
pub(crate) async fn change(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(start): Body<Start>,
) -> Result<Accepted, Problem> {
    let confirmed = Confirmed {
        digest: start.digest,
        confirmation: start.confirmation,
        reason: start.reason,
        token: start.token,
    };
    let (services, caller) = (&web.services, &visitor.caller);
    let run = points::change::start(services, caller, start.request, &confirmed).await?;
    Ok(accepted(run))
}
