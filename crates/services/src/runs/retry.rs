use tidemark_domain::{
    Arn, Privilege,
    runs::{RunId, RunState},
};

use super::{enqueue::engine_error, get::find};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize,
    authorize::record,
    backup::BACKUP_KIND,
    plans::{DELETE_PLAN_KIND, ROLLOUT_KIND, RULE_RUN_KIND, SAVE_PLAN_KIND},
    points::change::{CHANGE_LIFECYCLE_KIND, DELETE_POINTS_KIND},
    resources,
};

/// Starts a failed or cancelled run anew, with the same parameters, in the caller's name. It needs
/// what starting it needed.
pub async fn retry(services: &Services, caller: &Caller, id: RunId) -> Result<RunId, ServiceError> {
    let run = find(services, caller, id, Privilege::ControlRuns, "run.retry").await?;
    if run.head.state == RunState::Succeeded {
        return Err(ServiceError::Conflict(
            "the run succeeded; there is nothing to try again".to_owned(),
        ));
    }
    let privilege = match run.kind.as_str() {
        BACKUP_KIND => Privilege::Backup,
        SAVE_PLAN_KIND | DELETE_PLAN_KIND | RULE_RUN_KIND | ROLLOUT_KIND => Privilege::ManagePlans,
        DELETE_POINTS_KIND | CHANGE_LIFECYCLE_KIND => Privilege::ManagePoints,
        _ => Privilege::Restore,
    };
    if privilege == Privilege::ManagePlans {
        authorize(services, caller, privilege, "run.retry", &id.to_string()).await?;
    } else if let Some(arn) = run
        .labels
        .resource
        .as_deref()
        .and_then(|arn| Arn::parse(arn).ok())
    {
        resources::find(services, caller, &arn, privilege, "run.retry").await?;
    } else {
        authorize(services, caller, privilege, "run.retry", &id.to_string()).await?;
    }
    record(
        services,
        caller,
        "run.retry",
        &id.to_string(),
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    let again = services
        .runs
        .retry(id, &caller.name, &run.reason)
        .await
        .map_err(engine_error)?;
    Ok(again.run.id)
}
