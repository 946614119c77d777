use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize::record};

/// Records that a person signed out; the session itself ends in the server.
pub async fn sign_out(services: &Services, caller: &Caller) -> Result<(), ServiceError> {
    record(
        services,
        caller,
        "session.sign_out",
        &caller.name,
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await
}
