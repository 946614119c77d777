use leptos::prelude::*;
use tidemark_domain::sets::SetDetail;

use crate::{error::AppError, wire::Json};

/// One application set with what the catalogue knows of its members.
#[server(endpoint = "sets/get", input = Json, output = Json)]
pub async fn get_set(
    /// Its name.
    name: String,
) -> Result<SetDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::sets::get(&console.services, &caller, name.trim(), None).await?)
}
