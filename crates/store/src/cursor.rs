//! Opaque cursors: where a page ended. They come back from URLs, so nothing in them is trusted.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use tidemark_domain::Invalid;
use tidemark_services::error::StoreError;

/// Longer than any cursor that was ever given out: keys are names of at most 2,048 characters.
const LONGEST: usize = 16 * 1024;

/// Packs where a page ended; `list` names the list and its order.
pub(crate) fn pack<K: Serialize>(list: &str, key: &K) -> Result<String, StoreError> {
    let text = crate::convert::json(&(list, key))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(text))
}

/// Unpacks a cursor of the same list in the same order.
pub(crate) fn unpack<K: DeserializeOwned>(list: &str, cursor: &str) -> Result<K, StoreError> {
    let refuse = || Invalid::new("cursor", "must come from the page before of the same list");
    if cursor.len() > LONGEST {
        return Err(refuse().into());
    }
    let text = BASE64_URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| refuse())?;
    let (of, key): (String, K) = serde_json::from_slice(&text).map_err(|_| refuse())?;
    if of == list {
        Ok(key)
    } else {
        Err(refuse().into())
    }
}

/// The rows of a page: as asked for, within the limits of the list.
pub(crate) fn limit(asked: Option<u16>, most: u16) -> Result<usize, StoreError> {
    match asked.unwrap_or(50) {
        limit if (1..=most).contains(&limit) => Ok(usize::from(limit)),
        _ => Err(Invalid::new("limit", format!("must be from 1 to {most}")).into()),
    }
}
