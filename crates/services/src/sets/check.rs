use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Invalid, Privilege,
    sets::{ManifestFault, Misfit, SetManifest, misfits, read},
};

use crate::{Caller, ServiceError, Services, authorize};

/// What is wrong with a manifest, and what does not line up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetCheck {
    /// What it says; none when something is wrong.
    pub manifest: Option<SetManifest>,
    /// What is wrong, in the order of the file.
    pub faults: Vec<ManifestFault>,
    /// What does not line up.
    pub misfits: Vec<Misfit>,
}

/// Reads a manifest and says what is wrong with it. Nothing is kept.
pub async fn check(
    services: &Services,
    caller: &Caller,
    text: &str,
) -> Result<SetCheck, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "set.check", "").await?;
    let now = services.clock.now();
    Ok(match read(text, &services.hook_reach) {
        Ok(manifest) => SetCheck {
            misfits: misfits(&manifest, now),
            manifest: Some(manifest),
            faults: Vec::new(),
        },
        Err(faults) => SetCheck {
            manifest: None,
            faults,
            misfits: Vec::new(),
        },
    })
}

/// A manifest that has to be right.
pub(super) fn manifest(services: &Services, text: &str) -> Result<SetManifest, Invalid> {
    read(text, &services.hook_reach).map_err(|faults| {
        let rules: Vec<String> = faults.iter().take(20).map(ToString::to_string).collect();
        Invalid::new("manifest", rules.join("\n"))
    })
}
