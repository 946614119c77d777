use leptos::prelude::*;
use tidemark_domain::VaultDetail;

use crate::{error::AppError, wire::Json};

/// One vault: its lock, its policy, what lies in it, what holds it.
#[server(endpoint = "vaults/get", input = Json, output = Json)]
pub async fn get_vault(
    /// ARN as typed.
    arn: String,
) -> Result<VaultDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&arn))?;
    Ok(tidemark_services::vaults::get(&console.services, &caller, &arn).await?)
}
