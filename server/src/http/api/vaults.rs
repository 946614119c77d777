use axum::{
    Json,
    extract::{Extension, State},
};
use serde::Deserialize;
use tidemark_app::ssr::Visitor;
use tidemark_domain::{Arn, Page, VaultDetail, VaultFilter, VaultRow};
use tidemark_services::vaults;

use crate::http::{Problem, Web, extract::Filter};

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
