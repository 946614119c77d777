use leptos::prelude::*;
use tidemark_domain::records::ProofDetail;

use crate::{error::AppError, wire::Json};

/// What the newest comparison of table and backup found.
#[server(endpoint = "records/proof", input = Json, output = Json)]
pub async fn get_proof(
    /// The capture's id.
    capture: String,
) -> Result<Option<ProofDetail>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::records::proof(&console.services, &caller, &capture).await?)
}
