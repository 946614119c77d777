use serde::{Deserialize, Serialize};
use tidemark_domain::{Invalid, Privilege, sets::StoredSet};

use super::check::manifest;
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// A manifest to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPut {
    /// The manifest, in YAML or JSON. The set has the name that it says.
    pub manifest: String,
    /// The version that it was made from: 0 for a set that must be new. None takes what is there as it is.
    #[serde(default)]
    pub based_on: Option<u32>,
}

/// Keeps a manifest as the next version of its set. One that says just the same is kept already.
pub async fn put(
    services: &Services,
    caller: &Caller,
    wish: &SetPut,
) -> Result<StoredSet, ServiceError> {
    authorize(services, caller, Privilege::ManagePlans, "set.put", "").await?;
    let manifest = manifest(services, &wish.manifest)?;
    let newest = services.sets.get(&manifest.name, None).await?;
    let version = newest.as_ref().map_or(0, |set| set.version);
    if let Some(newest) = newest.filter(|newest| newest.manifest == wish.manifest) {
        return Ok(newest);
    }
    match wish.based_on {
        Some(0) if version > 0 => {
            return Err(Invalid::new(
                "name",
                format!(
                    "{} is the name of a set that is there already; choose another",
                    manifest.name
                ),
            )
            .into());
        }
        Some(based_on) if based_on != version => {
            return Err(ServiceError::Conflict(format!(
                "the set {} has version {version} by now, and this was made from version {based_on}; look at what has \
                 changed, then save again",
                manifest.name
            )));
        }
        _ => {}
    }
    let set = StoredSet {
        name: manifest.name,
        version: version + 1,
        manifest: wish.manifest.clone(),
        written_by: caller.name.clone(),
        written_at: services.clock.now(),
    };
    services.sets.put(&set).await?;
    record(
        services,
        caller,
        "set.put",
        &set.name,
        AuditOutcome::Allowed,
        None,
        Some(format!("Version {}.", set.version)),
    )
    .await?;
    Ok(set)
}
