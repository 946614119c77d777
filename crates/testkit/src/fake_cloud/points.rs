//! Deleting recovery points and changing their lifecycles.

use jiff::SignedDuration;
use tidemark_domain::{Arn, RecoveryPoint, Tier, change::NewLifecycle};
use tidemark_services::ports::{CloudError, CloudErrorKind, Target};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::State,
};

pub(crate) fn delete(
    cloud: &FakeCloud,
    target: &Target,
    vault: &str,
    arn: &Arn,
) -> Result<(), CloudError> {
    const OPERATION: &str = "backup:DeleteRecoveryPoint";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn.as_str())?;
    let point = find(&mut state, target, OPERATION, vault, arn)?;
    let model = state.scope(&scope);
    if model.holds(&point) {
        let message = format!("Recovery point {arn} is under an active legal hold");
        return Err(refuse(&mut state, OPERATION, message));
    }
    if model.vaults.get(vault).is_some_and(|vault| vault.locked) {
        let message = format!("Backup vault {vault} is configured with Vault Lock");
        return Err(refuse(&mut state, OPERATION, message));
    }
    model.points.remove(arn);
    Ok(())
}

pub(crate) fn update_lifecycle(
    cloud: &FakeCloud,
    target: &Target,
    vault: &str,
    arn: &Arn,
    lifecycle: NewLifecycle,
) -> Result<(), CloudError> {
    const OPERATION: &str = "backup:UpdateRecoveryPointLifecycle";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn.as_str())?;
    let point = find(&mut state, target, OPERATION, vault, arn)?;
    let days = |days: i64| point.created_at + SignedDuration::from_hours(24 * days);
    let cold_at = lifecycle.cold_after_days.map(days);
    if state
        .scope(&scope)
        .vaults
        .get(vault)
        .is_some_and(|vault| vault.locked)
    {
        let message = format!("Backup vault {vault} is configured with Vault Lock");
        return Err(refuse(&mut state, OPERATION, message));
    }
    if point.tier == Tier::Cold && cold_at != point.cold_at {
        return Err(refuse(
            &mut state,
            OPERATION,
            "MoveToColdStorageAfterDays cannot be changed after the transition".to_owned(),
        ));
    }
    if let Some(point) = state.scope(&scope).points.get_mut(arn) {
        point.shown.cold_at = cold_at;
        point.shown.delete_at = lifecycle.delete_after_days.map(days);
    }
    Ok(())
}

fn find(
    state: &mut State,
    target: &Target,
    operation: &str,
    vault: &str,
    arn: &Arn,
) -> Result<RecoveryPoint, CloudError> {
    let found = state
        .scope(&scope_of(target))
        .points
        .get(arn)
        .map(|point| point.shown.clone())
        .filter(|point| point.vault.as_deref() == Some(vault));
    found.ok_or_else(|| {
        answer(
            state,
            CloudErrorKind::NotFound,
            operation,
            "ResourceNotFoundException",
            format!("Recovery point does not exist: {arn}"),
        )
    })
}

fn refuse(state: &mut State, operation: &str, message: String) -> CloudError {
    answer(
        state,
        CloudErrorKind::Invalid,
        operation,
        "InvalidRequestException",
        message,
    )
}
