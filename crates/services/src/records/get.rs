use tidemark_domain::{Privilege, records::CaptureView};

use super::view::view;
use crate::{Caller, Grant, ServiceError, Services, authorize, ports::StoredCapture};

/// One capture.
pub async fn get(
    services: &Services,
    caller: &Caller,
    id: &str,
) -> Result<CaptureView, ServiceError> {
    find(
        services,
        caller,
        id,
        Privilege::ReadCatalogue,
        "records.get",
    )
    .await
}

/// The capture, if the caller may use the privilege on its table. What belongs to others does not
/// exist for an owner.
pub(crate) async fn find(
    services: &Services,
    caller: &Caller,
    id: &str,
    privilege: Privilege,
    action: &str,
) -> Result<CaptureView, ServiceError> {
    let grant = authorize(services, caller, privilege, action, id).await?;
    let unknown = || ServiceError::NotFound(format!("record-level backup {id}"));
    let stored = services.captures.get(id).await?.ok_or_else(unknown)?;
    if !covers(services, grant, &stored).await? {
        return Err(unknown());
    }
    view(services, stored).await
}

/// Whether a grant reaches a capture: it does where it reaches the table.
pub(super) async fn covers(
    services: &Services,
    grant: Grant<'_>,
    stored: &StoredCapture,
) -> Result<bool, ServiceError> {
    if grant.owner().is_none() {
        return Ok(true);
    }
    let table = services.catalogue.resource(&stored.capture.table).await?;
    Ok(table.is_some_and(|detail| grant.covers(&detail.resource)))
}
