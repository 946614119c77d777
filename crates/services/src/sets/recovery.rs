use jiff::Timestamp;
use tidemark_domain::{
    Invalid, Privilege,
    sets::{
        SetManifest, order,
        recovery::{MemberHistory, Recovery, recovery as combine},
    },
};

use super::{check::manifest, get::find, history::history};
use crate::{Caller, ServiceError, Services, authorize};

/// What of a set can be recovered together for a chosen time.
pub async fn recovery(
    services: &Services,
    caller: &Caller,
    name: &str,
    at: Timestamp,
) -> Result<Recovery, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "set.recovery", name).await?;
    let stored = find(services, name, None).await?;
    let manifest = manifest(services, &stored.manifest)?;
    of_manifest(services, &manifest, at).await
}

/// The same for a manifest that is not kept.
pub async fn recovery_of(
    services: &Services,
    caller: &Caller,
    text: &str,
    at: Timestamp,
) -> Result<Recovery, ServiceError> {
    let manifest = manifest(services, text)?;
    authorize(
        services,
        caller,
        Privilege::ReadPlans,
        "set.recovery",
        &manifest.name,
    )
    .await?;
    of_manifest(services, &manifest, at).await
}

pub(super) async fn of_manifest(
    services: &Services,
    manifest: &SetManifest,
    at: Timestamp,
) -> Result<Recovery, ServiceError> {
    let names: Vec<&str> = manifest
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    let order = order(&names, &manifest.order)
        .map_err(|fault| Invalid::new("manifest", fault.to_string()))?;
    let mut histories: Vec<MemberHistory> = Vec::with_capacity(names.len());
    for member in &manifest.members {
        let arn = member.arn(manifest)?;
        histories.push(history(services, &member.name, &arn, at).await?);
    }
    Ok(combine(&order, &histories, at))
}
