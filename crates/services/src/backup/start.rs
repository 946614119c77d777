use tidemark_domain::{
    BackupRequest, Invalid, Privilege, Resource, RoleArn, Scope, Vault, VaultName,
    runs::{RunId, RunLabels},
};

use super::run::{BACKUP_KIND, BackupParams};
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize::record,
    resources,
    restore::default_service_role,
    runs::{Enqueue, enqueue},
};

/// AWS Backup's longest lifecycle, in days.
const LONGEST_DAYS: i64 = 36_500;
/// How much later than the move to cold storage the deletion must come, in days.
const COLD_MINIMUM_DAYS: i64 = 90;

/// Starts an on-demand backup as a run.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: BackupRequest,
) -> Result<RunId, ServiceError> {
    let arn = request.resource.clone();
    let resource = resources::find(services, caller, &arn, Privilege::Backup, "backup.start")
        .await?
        .resource;
    if resource.deleted {
        return Err(ServiceError::Conflict(format!(
            "{} no longer exists",
            resource.name
        )));
    }
    let scope = Scope {
        account: resource.account.clone(),
        region: resource.region.clone(),
    };
    let vaults = services.catalogue.vaults(&scope).await?;
    let request = check(request, &resource, &vaults)?;
    record(
        services,
        caller,
        "backup.start",
        arn.as_str(),
        AuditOutcome::Allowed,
        None,
        Some(format!(
            "into vault {}. Reason: {}",
            request.vault, request.reason
        )),
    )
    .await?;
    let reason = request.reason.clone();
    enqueue(
        services,
        caller,
        Enqueue {
            kind: BACKUP_KIND,
            params: serde_json::to_value(BackupParams {
                account: scope.account.clone(),
                region: scope.region.clone(),
                request,
            })
            .map_err(|e| ServiceError::Internal(Box::new(e)))?,
            labels: RunLabels {
                account: Some(scope.account.to_string()),
                region: Some(scope.region.to_string()),
                resource: Some(arn.to_string()),
            },
            reason,
        },
    )
    .await
}

fn check(
    mut request: BackupRequest,
    resource: &Resource,
    vaults: &[Vault],
) -> Result<BackupRequest, Invalid> {
    let name = VaultName::parse(&request.vault)?;
    let vault = vaults
        .iter()
        .find(|vault| vault.name == name.as_str())
        .ok_or_else(|| {
            Invalid::new(
                "vault",
                "must be a vault of the resource's account and Region",
            )
        })?;
    check_lifecycle(request.cold_after_days, request.delete_after_days)?;
    check_lock(vault, request.delete_after_days)?;
    if request.reason.chars().count() > 500 {
        return Err(Invalid::new("reason", "must have at most 500 characters"));
    }
    let role = request
        .service_role
        .as_deref()
        .map(str::trim)
        .filter(|role| !role.is_empty())
        .map_or_else(
            || default_service_role(request.resource.partition(), &resource.account),
            ToOwned::to_owned,
        );
    let role = RoleArn::parse(role).map_err(|e| e.in_field("service role"))?;
    if role.account() != resource.account.as_str() {
        return Err(Invalid::new(
            "service role",
            "must be a role of the resource's account",
        ));
    }
    request.service_role = Some(role.into());
    Ok(request)
}

/// `DeleteAfterDays` ≥ `MoveToColdStorageAfterDays` + 90; both count from creation.
fn check_lifecycle(cold: Option<i64>, delete: Option<i64>) -> Result<(), Invalid> {
    for (field, days) in [
        ("days until cold storage", cold),
        ("days until deletion", delete),
    ] {
        if days.is_some_and(|d| !(1..=LONGEST_DAYS).contains(&d)) {
            return Err(Invalid::new(
                field,
                format!("must lie between 1 and {LONGEST_DAYS}"),
            ));
        }
    }
    match (cold, delete) {
        (Some(cold), Some(delete)) if delete < cold + COLD_MINIMUM_DAYS => Err(Invalid::new(
            "days until deletion",
            format!("must be at least {COLD_MINIMUM_DAYS} more than the days until cold storage"),
        )),
        _ => Ok(()),
    }
}

/// A job whose retention lies outside a vault lock's limits would fail.
fn check_lock(vault: &Vault, delete: Option<i64>) -> Result<(), Invalid> {
    let field = "days until deletion";
    if let Some(min) = vault.min_retention_days
        && delete.is_some_and(|d| d < min)
    {
        return Err(Invalid::new(
            field,
            format!("must be at least {min}: the vault is locked to that"),
        ));
    }
    if let Some(max) = vault.max_retention_days
        && delete.is_none_or(|d| d > max)
    {
        return Err(Invalid::new(
            field,
            format!("must be at most {max}: the vault is locked to that"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletion_must_come_90_days_after_the_move_to_cold_storage() {
        assert!(check_lifecycle(Some(30), Some(119)).is_err());
        assert!(check_lifecycle(Some(30), Some(120)).is_ok());
        assert!(check_lifecycle(Some(30), None).is_ok());
        assert!(check_lifecycle(None, Some(0)).is_err());
        assert!(check_lifecycle(None, Some(36_501)).is_err());
    }
}
