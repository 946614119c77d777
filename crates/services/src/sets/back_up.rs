use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    BackupRequest, Invalid, Privilege, ResourceType, Scope,
    runs::{RunId, RunLabels},
    sets::{Member, SetManifest},
};

use super::{
    BACK_UP_SET_KIND,
    check::manifest,
    get::find,
    run::{How, MemberWork, SetBackupParams, scopes, session_policy},
};
use crate::{
    Caller, ServiceError, Services, accounts, authorize, backup, calls, resources, runs::Start,
};

/// A set to back up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetBackup {
    /// Its name.
    pub name: String,
    /// Why, for the audit log.
    #[serde(default)]
    pub reason: String,
}

/// Backs up a set that is kept: pauses its application, backs each member up, and resumes whatever happens.
pub async fn back_up(
    services: &Services,
    caller: &Caller,
    wish: &SetBackup,
) -> Result<RunId, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "set.backup",
        &wish.name,
    )
    .await?;
    let stored = find(services, &wish.name, None).await?;
    let manifest = manifest(services, &stored.manifest)?;
    start(services, caller, manifest, stored.version, &wish.reason).await
}

/// The same for a manifest that is not kept.
pub async fn back_up_manifest(
    services: &Services,
    caller: &Caller,
    text: &str,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let manifest = manifest(services, text)?;
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "set.backup",
        &manifest.name,
    )
    .await?;
    start(services, caller, manifest, 0, reason).await
}

async fn start(
    services: &Services,
    caller: &Caller,
    manifest: SetManifest,
    version: u32,
    reason: &str,
) -> Result<RunId, ServiceError> {
    let mut members = Vec::with_capacity(manifest.members.len());
    for member in &manifest.members {
        members.push(work(services, caller, &manifest, member, reason).await?);
    }
    if members
        .iter()
        .all(|member| matches!(member.how, How::Own { .. }))
    {
        return Err(Invalid::new(
            "members",
            "AWS Backup backs up none of them: there is nothing to start",
        )
        .into());
    }
    let params = SetBackupParams {
        set: manifest.name.clone(),
        version,
        pause: manifest.pause,
        members,
    };
    let scopes = scopes(&params);
    for scope in &scopes {
        let policy = session_policy(&params, scope);
        policy.fit()?;
        let account = accounts::find(services, &scope.account).await?;
        let target = accounts::reading(&account, &scope.region);
        if let Some(refusal) = calls::refusal(services, &target, &[&policy]).await {
            return Err(refusal);
        }
    }
    let one = |values: BTreeSet<String>| match values.len() {
        1 => values.into_iter().next(),
        _ => None,
    };
    crate::runs::start(
        services,
        caller,
        Start {
            kind: BACK_UP_SET_KIND,
            targets: vec![target(&params.set)],
            action: "set.backup",
            subject: params.set.clone(),
            digest: None,
            detail: detail(&params),
            labels: RunLabels {
                account: one(scopes
                    .iter()
                    .map(|scope| scope.account.to_string())
                    .collect()),
                region: one(scopes
                    .iter()
                    .map(|scope| scope.region.to_string())
                    .collect()),
                resource: None,
            },
            reason: reason.to_owned(),
            params,
        },
    )
    .await
}

fn detail(params: &SetBackupParams) -> String {
    let version = match params.version {
        0 => "a manifest that is not kept".to_owned(),
        version => format!("version {version}"),
    };
    let pause = match &params.pause {
        None => "without a pause".to_owned(),
        Some(pause) => format!("with a pause of at most {} minutes", pause.at_most_minutes),
    };
    format!("{} members by {version}, {pause}.", params.members.len())
}

/// What is done for a member. It must be in the catalogue, and so must its vault.
async fn work(
    services: &Services,
    caller: &Caller,
    set: &SetManifest,
    member: &Member,
    reason: &str,
) -> Result<MemberWork, ServiceError> {
    let of_member = |invalid: Invalid| {
        let field = format!("member {}, {}", member.name, invalid.field);
        ServiceError::Invalid(Invalid::new(field.trim_end_matches(", "), invalid.rule))
    };
    let arn = member.arn(set).map_err(of_member)?;
    let found = resources::find(services, caller, &arn, Privilege::Backup, "set.backup").await;
    let resource = match found {
        Ok(found) if found.resource.deleted => {
            let rule = format!("{arn} no longer exists");
            return Err(of_member(Invalid::new("", rule)));
        }
        Ok(found) => found.resource,
        Err(ServiceError::NotFound(_)) => {
            let rule =
                format!("{arn} is not in the inventory: register its account, or sync its Region");
            return Err(of_member(Invalid::new("", rule)));
        }
        Err(error) => return Err(error),
    };
    let how = if resource.resource_type == ResourceType::MemoryDb {
        How::Own {
            why: "AWS Backup does not back up MemoryDB; the cluster's own snapshots count"
                .to_owned(),
        }
    } else {
        let vault = member.vault(set).ok_or_else(|| {
            of_member(Invalid::new(
                "vault",
                "must be given here or for the whole set",
            ))
        })?;
        let scope = Scope {
            account: resource.account.clone(),
            region: resource.region.clone(),
        };
        let retention = member.retention(set);
        let request = BackupRequest {
            resource: arn.clone(),
            vault: vault.to_owned(),
            delete_after_days: retention.delete_after_days,
            cold_after_days: retention.cold_after_days,
            service_role: member.service_role(set).map(str::to_owned),
            reason: reason.to_owned(),
        };
        let vaults = services.catalogue.vaults(&scope).await?;
        let request = backup::check(request, &resource, &vaults).map_err(of_member)?;
        How::AwsBackup { request }
    };
    Ok(MemberWork {
        name: member.name.clone(),
        arn,
        account: resource.account,
        region: resource.region,
        how,
    })
}

fn target(set: &str) -> String {
    format!("set:{set}")
}

/// What only one unfinished run may work on.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    params["set"].as_str().map(target).into_iter().collect()
}
