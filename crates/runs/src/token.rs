//! Tokens that stay the same however often a step runs.

use sha2::{Digest, Sha256};
use tidemark_domain::runs::RunId;
use uuid::Uuid;

/// 36 characters in the form of a UUID, which every AWS idempotency parameter takes.
pub(crate) fn token(run: RunId, step: &str, purpose: &str) -> String {
    let digest = digest(run, step, purpose);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .hyphenated()
        .encode_lower(&mut Uuid::encode_buffer())
        .to_owned()
}

/// A number that differs from run to run and from step to step.
pub(crate) fn seed(run: RunId, step: &str, failures: u32) -> u64 {
    let digest = digest(run, step, &failures.to_string());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(bytes)
}

fn digest(run: RunId, step: &str, purpose: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"tidemark run token 1");
    hash.update(run.as_uuid().as_bytes());
    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    for part in [step, purpose] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}
