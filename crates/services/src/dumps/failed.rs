use tidemark_domain::buckets::BucketPlace;

use super::DumpUse;
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize::record};

/// Says in the audit log that what was begun with [`open`](super::open) failed, and why.
pub async fn failed(
    services: &Services,
    caller: &Caller,
    place: &BucketPlace,
    purpose: &DumpUse,
    why: String,
) -> Result<(), ServiceError> {
    record(
        services,
        caller,
        purpose.action(),
        &purpose.subject(place),
        AuditOutcome::Failed,
        None,
        Some(why),
    )
    .await
}
