use tidemark_domain::Privilege;

use super::get::find;
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize::record};

/// Forgets a capture: nobody reads the stream for it any more. Nothing in the bucket is deleted, so
/// that a set-up with the same bucket and prefix takes it up again.
pub async fn remove(services: &Services, caller: &Caller, id: &str) -> Result<(), ServiceError> {
    let view = find(
        services,
        caller,
        id,
        Privilege::ManageRecords,
        "records.remove",
    )
    .await?;
    record(
        services,
        caller,
        "records.remove",
        view.capture.table.as_str(),
        AuditOutcome::Allowed,
        None,
        Some(format!(
            "bucket {}, prefix {:?}: all of it stays",
            view.capture.bucket, view.capture.prefix
        )),
    )
    .await?;
    services.captures.remove(id).await?;
    Ok(())
}
