use axum::{
    Json,
    extract::{Extension, Path, State},
};
use tidemark_app::ssr::Visitor;
use tidemark_domain::AccountSummary;
use tidemark_services::accounts;

use super::parse;
use crate::http::{Problem, Web};

/// Every registered account with the state of its Regions
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", responses(
    (status = 200, description = "Accounts by alias, each Region fresh, stale, denied or unreachable with the cause", body = Vec<Object>),
    (status = 401, description = "Not signed in", body = Problem),
))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Vec<AccountSummary>>, Problem> {
    Ok(Json(accounts::list(&web.services, &visitor.caller).await?))
}

/// One account
#[utoipa::path(get, path = "/api/v1/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "Account id: exactly 12 digits")),
    responses(
        (status = 200, description = "The account", body = Object),
        (status = 400, description = "The account id is malformed", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    account: Path<String>,
) -> Result<Json<AccountSummary>, Problem> {
    let account = parse(account)?;
    Ok(Json(
        accounts::get(&web.services, &visitor.caller, &account).await?,
    ))
}
