use serde::de::DeserializeOwned;

use super::{node::Node, reader::Reader};
use crate::Invalid;

/// Reads JSON that came from outside. A fault names the member by its path and the rule in words;
/// `whole` names what was read where the fault is no member's.
pub fn from_json<T: DeserializeOwned>(whole: &str, text: &[u8]) -> Result<T, Invalid> {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(Invalid::new(whole, "is empty; must be JSON"));
    }
    let node: Node = serde_json::from_slice(text)
        .map_err(|error| Invalid::new(whole, format!("could not be read as JSON: {error}")))?;
    T::deserialize(Reader::new(&node)).map_err(|fault| fault.into_invalid(whole))
}
