use axum::{
    Json,
    extract::{Extension, State},
};
use tidemark_app::ssr::Visitor;
use tidemark_domain::Overview;
use tidemark_services::overview;

use crate::http::{Problem, Web};

/// The estate at a glance
#[utoipa::path(get, path = "/api/v1/overview", tag = "overview", responses(
    (status = 200, description = "Counts per account, storage, and the resources that need a look", body = Object),
    (status = 401, description = "Not signed in", body = Problem),
))]
pub(crate) async fn overview(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Overview>, Problem> {
    Ok(Json(overview::get(&web.services, &visitor.caller).await?))
}
