use leptos::prelude::*;

use crate::error::AppError;

/// Keeps a manifest as the next version of its set, and shows the set.
#[server(endpoint = "sets/put", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn put_set(
    /// The manifest, in YAML or JSON.
    manifest: String,
    /// The version that it was made from; 0 for a new set.
    based_on: u32,
) -> Result<(), AppError> {
    use crate::{query::link, ssr};
    use tidemark_services::sets::{SetPut, put};
    let (console, caller) = ssr::console_and_caller()?;
    let wish = SetPut {
        manifest: manifest.replace("\r\n", "\n"),
        based_on: Some(based_on),
    };
    let set = put(&console.services, &caller, &wish).await?;
    ssr::redirect(&link("/sets/one", "name", &set.name));
    Ok(())
}
