use leptos::prelude::*;

use crate::error::AppError;

/// Starts the change of a vault that was shown, and shows its run.
#[server(endpoint = "vaults/change", input = crate::wire::Form)]
pub async fn change_vault(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
    /// The vault's name, where the plan asks for it.
    #[server(default)]
    confirmation: String,
) -> Result<(), AppError> {
    use tidemark_services::vaults::{VaultConfirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::VaultChangeQuery::parse(&query).request())?;
    let confirmed = VaultConfirmed {
        digest,
        reason,
        confirmation: Some(confirmation),
    };
    let run = start(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
