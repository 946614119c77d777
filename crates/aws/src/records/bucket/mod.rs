//! Buckets as a set-up of record-level backups finds and makes them, one operation per file.

mod create;
mod describe;
mod put_encryption;
mod put_lock;
mod put_policy;
mod put_public_access;
mod put_versioning;

pub(super) use create::create;
pub(super) use describe::describe;
pub(crate) use describe::{absent, region};
pub(super) use put_encryption::put_encryption;
pub(super) use put_lock::put_lock;
pub(super) use put_policy::put_policy;
pub(crate) use put_public_access::put_public_access;
pub(crate) use put_versioning::put_versioning;

use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

/// A request that cannot be built.
fn unbuilt(operation: Call, error: &impl ToString) -> CloudError {
    CloudError::local(CloudErrorKind::Invalid, operation, error.to_string())
}
