#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async, and this one has nothing to wait for"
    )
)]

use leptos::prelude::*;

use crate::error::AppError;

/// Takes the editor's form and answers with its page, which reads the form again: with a row more or
/// less, with what is wrong, or with the review. Nothing is kept, and nothing of it is looked at here.
#[server(endpoint = "plans/edit", output = crate::wire::Json)]
pub async fn edit_plan() -> Result<(), AppError> {
    crate::ssr::console_and_caller()?;
    Ok(())
}
