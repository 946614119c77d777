use leptos::prelude::*;
use tidemark_domain::permissions::{AccountPermissions, PermissionRow};

use super::PermissionQuery;
use crate::{error::AppError, wire::Json};

/// What each role may do in each Region.
#[server(endpoint = "accounts/permissions", input = Json, output = Json)]
pub async fn list_permissions(
    /// Which rows.
    query: PermissionQuery,
) -> Result<Vec<PermissionRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::permissions::list(&console.services, &caller, &filter).await?)
}

/// What the role of one account may do, and what mends what it may not.
#[server(endpoint = "accounts/permissions_of", input = Json, output = Json)]
pub async fn get_permissions(
    /// Account id as typed.
    account: String,
) -> Result<AccountPermissions, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let id = crate::ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    Ok(tidemark_services::permissions::show(&console.services, &caller, &id).await?)
}

/// Asks for new reports on an account's role, and shows its page.
#[server(endpoint = "accounts/refresh_permissions", input = crate::wire::Form, output = Json)]
pub async fn refresh_permissions(
    /// Account id as typed.
    account: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    tidemark_services::permissions::refresh(&console.services, &caller, &id).await?;
    ssr::redirect(&format!("/accounts/{id}"));
    Ok(())
}
