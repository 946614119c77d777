use tidemark_domain::{Privilege, coverage::Control};

use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Adds or changes a control. Every change is kept with who made it and when.
pub async fn put_control(
    services: &Services,
    caller: &Caller,
    control: &Control,
) -> Result<(), ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageControls,
        "control.put",
        &control.id,
    )
    .await?;
    control.check()?;
    super::controls::keep_defaults(services).await?;
    services
        .insight
        .put_control(control, &caller.name, services.clock.now())
        .await?;
    record(
        services,
        caller,
        "control.put",
        &control.id,
        AuditOutcome::Allowed,
        None,
        Some(format!("{}: {}", control.name, control.kind.explain())),
    )
    .await
}
