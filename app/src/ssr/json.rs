use serde::de::DeserializeOwned;
use tidemark_domain::Invalid;

/// A document that came as the text of a form's field.
pub(crate) fn json<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Invalid> {
    serde_json::from_str(text)
        .map_err(|error| Invalid::new(field, format!("could not be read as JSON: {error}")))
}
