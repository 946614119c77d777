use sha2::{Digest, Sha256};
use tidemark_domain::RestorePlan;

use crate::ServiceError;

/// Digest over everything that a plan will do. Checks are left out: they may change by the minute
/// without changing what is done.
pub(super) fn digest_of(plan: &RestorePlan) -> Result<String, ServiceError> {
    let mut bare = plan.clone();
    bare.checks.clear();
    bare.digest.clear();
    let text = serde_json::to_vec(&bare).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
