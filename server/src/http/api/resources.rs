use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{Arn, Page, ResourceDetail, ResourceFilter, ResourceRow};
use tidemark_services::resources;

use crate::http::{Problem, Web, extract::Filter};

/// A page of resources
#[utoipa::path(get, path = "/api/v1/resources", tag = "resources",
    params(
        ("text" = Option<String>, Query, description = "Part of the name or ARN"),
        ("account" = Option<String>, Query, description = "Only this account"),
        ("region" = Option<String>, Query, description = "Only this Region"),
        ("resource_type" = Option<String>, Query, description = "Only this type, as AWS Backup names it"),
        ("protection" = Option<String>, Query, description = "protected, unprotected or failing"),
        ("sort" = Option<String>, Query, description = "name, newest_point or size"),
        ("descending" = Option<bool>, Query, description = "Descending instead of ascending"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Rows: 1 to 200, 50 by default"),
    ),
    responses(
        (status = 200, description = "Rows and the cursor of the next page", body = Object),
        (status = 400, description = "A parameter breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
    ))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(filter): Filter<ResourceFilter>,
) -> Result<Json<Page<ResourceRow>>, Problem> {
    Ok(Json(
        resources::list(&web.services, &visitor.caller, filter).await?,
    ))
}

/// Which resource.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    arn: Arn,
}

/// One resource
#[utoipa::path(get, path = "/api/v1/resource", tag = "resources",
    params(("arn" = String, Query, description = "ARN of the resource")),
    responses(
        (status = 200, description = "The resource, its settings and the age of what is known", body = Object),
        (status = 400, description = "The ARN is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Unknown, or not the caller's", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Filter(which): Filter<Which>,
) -> Result<Json<ResourceDetail>, Problem> {
    Ok(Json(
        resources::get(&web.services, &visitor.caller, &which.arn).await?,
    ))
}
