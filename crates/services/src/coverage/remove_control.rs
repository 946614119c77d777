use tidemark_domain::Privilege;

use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Removes a control. Its history stays.
pub async fn remove_control(
    services: &Services,
    caller: &Caller,
    id: &str,
) -> Result<(), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageControls,
        "control.remove",
        id,
    )
    .await?;
    super::controls::keep_defaults(services).await?;
    let now = services.clock.now();
    if !services
        .insight
        .remove_control(id, &caller.name, now)
        .await?
    {
        return Err(ServiceError::NotFound(format!("control {id}")));
    }
    record(
        services,
        caller,
        "control.remove",
        id,
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await
}
