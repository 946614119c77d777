use tidemark_domain::{Privilege, coverage::ControlChange};

use crate::{Caller, ServiceError, Services, authorize};

/// The newest changes of controls: who, when, and to what.
pub async fn changes(
    services: &Services,
    caller: &Caller,
) -> Result<Vec<ControlChange>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "control.changes",
        "",
    )
    .await?;
    Ok(services.insight.control_changes(100).await?)
}
