use leptos::prelude::*;

use crate::error::AppError;

/// Backs an application set up now, and shows the run.
#[server(endpoint = "sets/back_up", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn back_up_set(
    /// Its name.
    name: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_services::sets::{SetBackup, back_up};
    let (console, caller) = ssr::console_and_caller()?;
    let wish = SetBackup {
        name,
        reason: reason.trim().to_owned(),
    };
    let run = back_up(&console.services, &caller, &wish).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
