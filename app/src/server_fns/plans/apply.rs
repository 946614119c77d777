use leptos::prelude::*;

use crate::error::AppError;

/// Saves the draft that was shown, and shows its run.
#[server(endpoint = "plans/apply", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn apply_plan(
    /// The draft (`PlanDraft`) as JSON.
    draft: String,
    /// Digest of the change that was shown.
    digest: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let draft = ssr::parse(ssr::json("draft", &draft))?;
    let run = tidemark_services::plans::apply(&console.services, &caller, draft, &digest).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
