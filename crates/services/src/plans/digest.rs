use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::ServiceError;

/// Digest over what will be done. What may change by the minute without changing what is done, such
/// as findings, counts and the next runs, is not part of it.
pub(super) fn digest_of(what: &impl Serialize) -> Result<String, ServiceError> {
    let text = serde_json::to_vec(what).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
