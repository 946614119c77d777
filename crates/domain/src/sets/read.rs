use serde_json::Value;

use super::{HookReach, ManifestFault, SetManifest, check::check, tree::Tree};
use crate::strict;

/// The largest manifest, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;

/// Reads and checks a manifest in YAML or JSON. What nobody knows is refused, and every fault says its line.
///
/// # Errors
/// Everything that was found wrong, in the order of the file; one fault where the file cannot be read at all.
pub fn read(text: &str, reach: &HookReach) -> Result<SetManifest, Vec<ManifestFault>> {
    let (tree, value) = tree(text).map_err(|fault| vec![fault])?;
    if value.is_array() {
        let rule = "a list is no manifest of a set";
        return Err(vec![ManifestFault::new(Some(tree.line), "", rule)]);
    }
    let manifest: SetManifest = typed(&tree, &value).map_err(|fault| vec![fault])?;
    let mut faults = check(&manifest, reach);
    for fault in &mut faults {
        fault.line = Some(tree.line_of(&fault.path));
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() {
        Ok(manifest)
    } else {
        Err(faults)
    }
}

pub(super) fn tree(text: &str) -> Result<(Tree, Value), ManifestFault> {
    if text.len() > MOST_BYTES {
        let rule = format!(
            "the file has {} bytes; a manifest has at most {MOST_BYTES}",
            text.len()
        );
        return Err(ManifestFault::new(None, "", rule));
    }
    let tree = Tree::read(text)?;
    let value = tree.value();
    Ok((tree, value))
}

/// Reads a value strictly; a fault gets its line.
pub(super) fn typed<T: serde::de::DeserializeOwned>(
    tree: &Tree,
    value: &Value,
) -> Result<T, ManifestFault> {
    strict::from_json("manifest", value.to_string().as_bytes()).map_err(|invalid| {
        let whole = invalid.field == "manifest";
        let path = if whole { String::new() } else { invalid.field };
        let mut rule = invalid.rule;
        let unquoted = rule.strip_prefix("must be text, not ");
        if unquoted.is_some_and(|found| found.starts_with(|c: char| c.is_ascii_digit())) {
            rule.push_str("; put it in quotes");
        }
        ManifestFault::new(Some(tree.line_of(&path)), path, rule)
    })
}
