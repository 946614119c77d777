use super::{Metadata, Rules, types::rules};
use crate::{Invalid, ResourceType};

/// Beginnings of keys that only inform.
const INFORMING: [&str; 2] = ["aws:", "InformationalOnly:"];

/// Whether a key only informs and steers nothing.
pub(super) fn only_informs(key: &str) -> bool {
    INFORMING.iter().any(|beginning| key.starts_with(beginning))
}

/// A key without what people and services may spell differently: case, hyphens, spaces.
pub(super) fn folded(key: &str) -> String {
    key.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The field of an error about a key.
pub(super) fn field(key: &str) -> String {
    format!("restore metadata {key}")
}

impl Rules {
    /// The spellings of the known key that this one is, or is nearly.
    fn known(&self, key: &str) -> Option<&'static [&'static str]> {
        let wanted = folded(key);
        self.keys
            .iter()
            .copied()
            .find(|spellings| spellings.iter().any(|one| folded(one) == wanted))
    }
}

/// The value under a key, in whichever of its spellings.
pub(super) fn value<'a>(metadata: &'a Metadata, key: &str) -> Option<&'a str> {
    let wanted = folded(key);
    metadata
        .iter()
        .find(|(name, value)| folded(name) == wanted && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// Whether a key is not one of the type's known spellings, so that what AWS proposes must be looked at
/// before the metadata can be judged.
pub fn is_unfamiliar(kind: &ResourceType, metadata: &Metadata) -> bool {
    rules(kind).is_some_and(|rules| {
        metadata.keys().any(|key| {
            !only_informs(key)
                && !rules
                    .keys
                    .iter()
                    .any(|spellings| spellings.contains(&key.as_str()))
        })
    })
}

/// Checks how keys are written: printable, each once however it is spelled.
pub(super) fn check_writing(metadata: &Metadata) -> Result<(), Invalid> {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for key in metadata.keys() {
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Invalid::new(
                field(key),
                "must have a key of letters, digits and signs, without spaces",
            ));
        }
        let as_one = folded(key);
        if let Some((_, before)) = seen.iter().find(|(other, _)| *other == as_one) {
            return Err(Invalid::new(
                field(key),
                format!("must be given once; it is also given as {before}"),
            ));
        }
        seen.push((as_one, key));
    }
    Ok(())
}

/// Checks the keys of a known type. Answers those that neither the type's rules know nor AWS proposes
/// for this recovery point with the same value.
pub(super) fn check<'a>(
    rules: &Rules,
    metadata: &'a Metadata,
    proposed: &Metadata,
) -> Result<Vec<&'a str>, Invalid> {
    check_writing(metadata)?;
    let mut unknown = Vec::new();
    for (key, value) in metadata {
        match rules.known(key) {
            Some(spellings) if spellings.contains(&key.as_str()) => {}
            Some(_) if proposed.contains_key(key) => {}
            Some(spellings) => {
                return Err(Invalid::new(
                    field(key),
                    format!("must be spelled {}", spellings.join(" or ")),
                ));
            }
            None if only_informs(key) || proposed.get(key) == Some(value) => {}
            None => unknown.push(key.as_str()),
        }
    }
    Ok(unknown)
}

/// Checks the metadata of a table's recovery point. The table's name has a field of its own: no
/// metadata may say another one, in whatever spelling.
pub fn check_table_metadata(metadata: &Metadata) -> Result<(), Invalid> {
    let Some(rules) = rules(&ResourceType::DynamoDb) else {
        return Ok(());
    };
    check_writing(metadata)?;
    for key in metadata.keys() {
        match rules.known(key) {
            Some(spellings) if spellings.contains(&key.as_str()) => {}
            Some(spellings) => {
                return Err(Invalid::new(
                    field(key),
                    format!("must be spelled {}", spellings.join(" or ")),
                ));
            }
            None if folded(key).contains("tablename") => {
                return Err(Invalid::new(
                    field(key),
                    "must be left out: the new table is named by the field for its name alone",
                ));
            }
            None => {
                return Err(Invalid::new(
                    field(key),
                    "must be left out: it is no restore metadata of DynamoDB tables",
                ));
            }
        }
    }
    Ok(())
}
