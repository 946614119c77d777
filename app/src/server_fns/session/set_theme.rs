#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async, and this one has nothing to wait for"
    )
)]

use leptos::prelude::*;

use crate::error::AppError;

/// Keeps the choice of colours in a cookie and shows the page again. Open to everybody: it changes
/// nothing but the browser's own cookie.
#[server(endpoint = "session/set_theme", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn set_theme(
    /// `system`, `light` or `dark`.
    theme: String,
    /// The page.
    #[server(default)]
    page: String,
) -> Result<(), AppError> {
    use crate::{session::Theme, ssr};
    ssr::keep_theme(Theme::parse(&theme));
    ssr::redirect(ssr::local_or_home(&page));
    Ok(())
}
