use leptos::prelude::*;

use crate::error::AppError;

/// Says who reads the table's stream from now on; `off` for nobody.
#[server(endpoint = "records/mode", input = crate::wire::Form)]
pub async fn set_capture_mode(
    /// The capture's id.
    capture: String,
    /// `embedded`, `function` or `off`.
    mode: String,
) -> Result<(), AppError> {
    use tidemark_domain::{Invalid, records::CaptureMode};
    use tidemark_services::records::set_mode;

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let mode = ssr::parse(
        CaptureMode::parse(&mode)
            .ok_or_else(|| Invalid::new("mode", "must be embedded, function or off")),
    )?;
    set_mode(&console.services, &caller, &capture, mode).await?;
    ssr::redirect(&super::capture_href(&capture));
    Ok(())
}
