use serde_json::Value;
use tidemark_domain::{
    BackupRequest, Invalid, Privilege, Resource, RoleArn, Scope, Vault, VaultName,
    plan::{Lifecycle, VaultLimits},
    runs::{RunId, RunLabels},
};

use tidemark_runs::parse_params;

use super::{
    policy::session_policy,
    run::{BACKUP_KIND, BackupParams},
};
use crate::{
    Caller, ServiceError, Services, accounts, calls, resources, restore::default_service_role,
    runs::Start,
};

/// Starts an on-demand backup as a run.
pub async fn start(
    services: &Services,
    caller: &Caller,
    request: BackupRequest,
) -> Result<RunId, ServiceError> {
    let asked_at = services.clock.now();
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
    let reason = request.reason.clone();
    let params = BackupParams {
        account: scope.account.clone(),
        region: scope.region.clone(),
        request,
    };
    let begun = || crate::runs::begun_since(services, caller, BACKUP_KIND, &params, asked_at);
    if let Some(run) = begun().await? {
        return Ok(run);
    }
    let policy = session_policy(&params);
    policy.fit()?;
    let account = accounts::find(services, &scope.account).await?;
    let target = accounts::reading(&account, &scope.region);
    if let Some(refusal) = calls::refusal(services, &target, &[&policy]).await {
        return Err(refusal);
    }
    if let Some(run) = begun().await? {
        return Ok(run);
    }
    crate::runs::start(
        services,
        caller,
        Start {
            kind: BACKUP_KIND,
            targets: Vec::new(),
            action: "backup.start",
            subject: arn.to_string(),
            digest: None,
            detail: format!("Into vault {}.", params.request.vault),
            labels: RunLabels {
                account: Some(scope.account.to_string()),
                region: Some(scope.region.to_string()),
                resource: Some(arn.to_string()),
            },
            reason,
            params,
        },
    )
    .await
}

/// Starts the backup of a run that has ended anew: the same wish, checked again.
pub(crate) async fn again(
    services: &Services,
    caller: &Caller,
    params: Value,
) -> Result<RunId, ServiceError> {
    let params: BackupParams =
        parse_params(&params).map_err(|error| ServiceError::Internal(Box::new(error)))?;
    start(services, caller, params.request).await
}

pub(crate) fn check(
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
    let lifecycle = Lifecycle {
        move_to_cold_storage_after_days: request.cold_after_days,
        delete_after_days: request.delete_after_days,
        ..Lifecycle::default()
    };
    lifecycle.check().map_err(as_the_form_says)?;
    VaultLimits {
        min_days: vault.min_retention_days,
        max_days: vault.max_retention_days,
    }
    .check(Some(&lifecycle))
    .map_err(as_the_form_says)?;
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

/// The same rule under the name that the form's field has.
fn as_the_form_says(error: Invalid) -> Invalid {
    let field = match error.field.as_str() {
        "MoveToColdStorageAfterDays" => "days until cold storage",
        "DeleteAfterDays" => "days until deletion",
        _ => return error,
    };
    error.in_field(field)
}
