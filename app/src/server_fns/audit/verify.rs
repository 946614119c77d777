use leptos::prelude::*;

use super::ChainState;
use crate::error::AppError;

/// Reads the whole log and says whether its chain holds.
#[server(endpoint = "audit/verify", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn verify_audit() -> Result<ChainState, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let verdict = tidemark_services::audit::verify(&console.services, &caller).await?;
    Ok(match verdict {
        Ok(entries) => ChainState::Holds(entries),
        Err(fault) => ChainState::BrokenAt(fault.number),
    })
}
