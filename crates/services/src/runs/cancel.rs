use tidemark_domain::{Privilege, runs::RunId};

use super::get::find;
use crate::{Caller, Guard, ServiceError, Services, audit::AuditOutcome, authorize::record};

/// Asks a run to stop; what it did is undone. A run that has ended is a conflict.
pub async fn cancel(
    services: &Services,
    caller: &Caller,
    id: RunId,
    reason: &str,
) -> Result<(), ServiceError> {
    let run = find(services, caller, id, Privilege::ControlRuns, "run.cancel").await?;
    if run.head.state.is_terminal() {
        return Err(ServiceError::Conflict(format!(
            "the run has ended already: it {}",
            run.head.state
        )));
    }
    Guard::check_reason(reason)?;
    let subject = id.to_string();
    record(
        services,
        caller,
        "run.cancel",
        &subject,
        AuditOutcome::Allowed,
        None,
        Some(reason.to_owned()),
    )
    .await?;
    services
        .runs
        .cancel(id, &caller.name, reason)
        .await
        .map_err(super::engine_error)?;
    Ok(())
}
