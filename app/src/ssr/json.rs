use serde::de::DeserializeOwned;
use tidemark_domain::{Invalid, strict};

/// A document that came as the text of a form's field.
pub(crate) fn json<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Invalid> {
    strict::from_json(field, text.as_bytes()).map_err(|invalid| {
        if invalid.field == field {
            invalid
        } else {
            Invalid::new(format!("{field}.{}", invalid.field), invalid.rule)
        }
    })
}
