use tidemark_domain::{
    Privilege,
    sets::{HookReach, SetRow, read},
};

use crate::{Caller, ServiceError, Services, authorize};

/// Every set, by name.
pub async fn list(services: &Services, caller: &Caller) -> Result<Vec<SetRow>, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "set.list", "").await?;
    let sets = services.sets.list().await?;
    let row = |set: tidemark_domain::sets::StoredSet| {
        // It was right when it was kept; what the configuration allows since then does not matter here.
        let manifest = read(&set.manifest, &HookReach::default()).ok();
        let manifest = manifest.or_else(|| read(&set.manifest, &services.hook_reach).ok());
        SetRow {
            name: set.name,
            description: manifest
                .as_ref()
                .map(|manifest| manifest.description.clone())
                .unwrap_or_default(),
            version: set.version,
            members: manifest.map_or(0, |manifest| {
                u32::try_from(manifest.members.len()).unwrap_or(u32::MAX)
            }),
            written_by: set.written_by,
            written_at: set.written_at,
        }
    };
    Ok(sets.into_iter().map(row).collect())
}
