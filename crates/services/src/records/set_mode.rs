use tidemark_domain::{Privilege, records::CaptureMode};

use super::get::find;
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize::record};

/// Says who reads the stream from now on. Switched off, nothing in the bucket changes.
pub async fn set_mode(
    services: &Services,
    caller: &Caller,
    id: &str,
    mode: CaptureMode,
) -> Result<(), ServiceError> {
    let view = find(
        services,
        caller,
        id,
        Privilege::ManageRecords,
        "records.mode",
    )
    .await?;
    record(
        services,
        caller,
        "records.mode",
        view.capture.table.as_str(),
        AuditOutcome::Allowed,
        None,
        Some(format!(
            "{} becomes {}, bucket {}",
            view.capture.mode.as_str(),
            mode.as_str(),
            view.capture.bucket
        )),
    )
    .await?;
    services.captures.set_mode(id, mode).await?;
    Ok(())
}
