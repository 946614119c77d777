use tidemark_domain::{
    Privilege, ResourceType,
    sets::{Member, Misfit, SetDetail, SetMemberRow, StoredSet, misfits, upcoming},
};

use super::{BACK_UP_SET_KIND, check::manifest, runs::newest};
use crate::{Caller, ServiceError, Services, authorize};

/// For how many days ahead windows are shown.
const DAYS: i64 = 7;

/// One set with what the catalogue knows of its members; a version of it, when one is named.
pub async fn get(
    services: &Services,
    caller: &Caller,
    name: &str,
    version: Option<u32>,
) -> Result<SetDetail, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "set.get", name).await?;
    let stored = find(services, name, version).await?;
    let manifest = manifest(services, &stored.manifest)?;
    let now = services.clock.now();
    let mut members = Vec::with_capacity(manifest.members.len());
    let mut warnings = misfits(&manifest, now);
    for member in &manifest.members {
        let arn = member.arn(&manifest)?;
        let known = services.catalogue.resource(&arn).await?;
        let resource_type = known.as_ref().map_or_else(
            || Member::resource_type(&arn),
            |known| known.resource.resource_type.clone(),
        );
        let known = known.filter(|known| !known.resource.deleted);
        let continuous = known
            .as_ref()
            .is_some_and(|known| known.resource.pitr.is_some());
        if resource_type == ResourceType::Efs && continuous && !member.continuous_backup {
            warnings.push(Misfit {
                about: member.name.clone(),
                text: format!(
                    "Continuous backup is on for the file system {}. A file system of a set is backed up by snapshots only, \
                     taken while the application is cold: switch it off in the backup plan.",
                    member.name
                ),
                minutes: None,
                first: None,
            });
        }
        members.push(SetMemberRow {
            name: member.name.clone(),
            resource_type,
            known: known.is_some(),
            newest_point: known.as_ref().and_then(|known| known.newest_point),
            pitr: known.and_then(|known| known.resource.pitr),
            arn,
        });
    }
    Ok(SetDetail {
        versions: services.sets.versions(name).await?,
        upcoming: upcoming(&manifest, now, DAYS),
        misfits: warnings,
        members,
        last_run: newest(services, name, &[BACK_UP_SET_KIND])
            .await?
            .first()
            .map(|run| run.id),
        description: manifest.description.clone(),
        pause: manifest.pause_in_words(),
        rules: manifest.rules_in_words(),
        stored,
    })
}

pub(super) async fn find(
    services: &Services,
    name: &str,
    version: Option<u32>,
) -> Result<StoredSet, ServiceError> {
    let found = services.sets.get(name, version).await?;
    found.ok_or_else(|| {
        ServiceError::NotFound(match version {
            None => format!("the set {name}"),
            Some(version) => format!("version {version} of the set {name}"),
        })
    })
}
