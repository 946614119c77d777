use tidemark_domain::{Privilege, coverage::Control};

use crate::{Caller, ServiceError, Services, authorize};

/// The controls, whether they count or not, by id.
pub async fn controls(services: &Services, caller: &Caller) -> Result<Vec<Control>, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "control.list",
        "",
    )
    .await?;
    in_force(services).await
}

/// The controls that were kept; those that a console begins with where nobody ever changed one.
pub(super) async fn in_force(services: &Services) -> Result<Vec<Control>, ServiceError> {
    let controls = services.insight.controls().await?;
    if controls.is_empty() && services.insight.control_changes(1).await?.is_empty() {
        return Ok(Control::defaults());
    }
    Ok(controls)
}

/// Keeps the controls that a console begins with, before the first change of one.
pub(super) async fn keep_defaults(services: &Services) -> Result<(), ServiceError> {
    if services.insight.control_changes(1).await?.is_empty() {
        let now = services.clock.now();
        for control in Control::defaults() {
            services
                .insight
                .put_control(&control, "the console", now)
                .await?;
        }
    }
    Ok(())
}
