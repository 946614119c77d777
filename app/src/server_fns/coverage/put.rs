use leptos::prelude::*;

use crate::error::AppError;

/// Adds or changes a control, and shows the controls.
#[server(endpoint = "coverage/put", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn put_control(
    /// Id; empty for a new control, which takes it from its name.
    #[server(default)]
    id: String,
    /// What people call it.
    name: String,
    /// The word of what it asks.
    kind: String,
    /// The number that goes with that; may be empty.
    #[server(default)]
    limit: String,
    /// Of which resources: types, account ids, Regions, a tag, separated by commas.
    #[server(default)]
    of: String,
    /// `on` when it counts.
    #[server(default)]
    enabled: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_domain::coverage::ControlForm;
    let (console, caller) = ssr::console_and_caller()?;
    let form = ControlForm {
        id,
        name,
        kind,
        limit,
        of,
        enabled: !enabled.is_empty(),
    };
    let control = ssr::parse(form.control())?;
    tidemark_services::coverage::put_control(&console.services, &caller, &control).await?;
    ssr::redirect("/coverage/controls");
    Ok(())
}
