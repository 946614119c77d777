use axum::{
    Json,
    extract::{Extension, State},
};
use tidemark_app::ssr::Visitor;
use tidemark_domain::{Page, PointFilter, RecoveryPoint};
use tidemark_services::points;

use crate::http::{Problem, Web, extract::Filter};

/// A page of recovery points, newest first
#[utoipa::path(get, path = "/api/v1/points", tag = "points",
    params(
        ("resource" = Option<String>, Query, description = "Only points of this resource (ARN)"),
        ("account" = Option<String>, Query, description = "Only points in this account"),
        ("region" = Option<String>, Query, description = "Only points in this Region"),
        ("from" = Option<String>, Query, description = "Only points made at or after (RFC 3339)"),
        ("until" = Option<String>, Query, description = "Only points made before (RFC 3339)"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 1000, 50 by default"),
    ),
    responses(
        (status = 200, description = "Points and the cursor of the next page", body = Object),
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
