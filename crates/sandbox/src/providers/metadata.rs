//! Restore metadata: the caller's entries over those of the recovery point.

use std::collections::BTreeMap;

use tidemark_sandbox_backup::{Captured, ProviderError};

use super::error;

/// The value to restore with; keys differ in case between AWS's documents, so case is ignored.
pub(super) fn value<'a>(
    metadata: &'a BTreeMap<String, String>,
    captured: &'a Captured,
    key: &str,
) -> Option<&'a str> {
    given(metadata, key).or_else(|| given(&captured.restore_metadata, key))
}

/// The caller's own value.
pub(super) fn given<'a>(metadata: &'a BTreeMap<String, String>, key: &str) -> Option<&'a str> {
    metadata
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// The caller's own value, without which there is no restore.
pub(super) fn required<'a>(
    metadata: &'a BTreeMap<String, String>,
    key: &str,
) -> Result<&'a str, ProviderError> {
    given(metadata, key).ok_or_else(|| {
        error(
            "InvalidParameterValueException",
            format!("Restore metadata must contain {key}"),
        )
    })
}

/// A yes or no.
pub(super) fn flag(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// A list written as a JSON array.
pub(super) fn json_list(text: Option<&str>) -> Result<Vec<String>, ProviderError> {
    text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(text).map_err(|_| {
            error(
                "InvalidParameterValueException",
                format!("{text} is not a JSON list of texts"),
            )
        })
    })
}
