//! The run that restores a set.

mod gate;
mod kind;
mod look;
mod report;
mod step;

pub use kind::{RESTORE_SET_KIND, RestoreSetRun};
pub(super) use report::results_of;

use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Arn, Scope,
    sets::{Hook, Pause, SetRestoreRequest},
};

use super::run::MemberResult;
use crate::restore::RestoreParams;

const SWITCH: &str = "switch-over";

/// The parameters of a restore of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SetRestoreParams {
    /// Name of the set.
    pub(super) set: String,
    /// Version of its manifest.
    pub(super) version: u32,
    /// How writes are paused for the switch; none where there is none.
    pub(super) pause: Option<Pause>,
    /// Who says whether what was restored is as it should be.
    pub(super) verify: Vec<Hook>,
    /// How the application is switched over; none where nobody asked for it.
    pub(super) switch: Option<Hook>,
    /// Whether a member without any data is taken as it is.
    pub(super) allow_empty: bool,
    /// The members that this run works on.
    pub(super) members: Vec<MemberRestoring>,
    /// What a run before has done.
    #[serde(default)]
    pub(super) done: Vec<MemberResult>,
    /// What was asked for, to plan it anew.
    pub(super) request: SetRestoreRequest,
    /// The digest of the plan that was shown.
    pub(super) digest: String,
}

/// What is done for a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MemberRestoring {
    /// Name of the member.
    pub(super) name: String,
    /// What it stands for.
    pub(super) arn: Arn,
    /// Its restore; none for one that is left out.
    pub(super) restore: Option<RestoreParams>,
}

impl MemberRestoring {
    /// What stands before the names of its steps.
    fn prefix(&self) -> String {
        format!("{}/", self.name)
    }
}

/// The accounts and Regions in which something is made.
pub(super) fn scopes(params: &SetRestoreParams) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::new();
    for restore in params.members.iter().filter_map(|one| one.restore.as_ref()) {
        let scope = Scope {
            account: restore.plan.account.clone(),
            region: restore.plan.region.clone(),
        };
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// Name of the step that asks the nth hook, from 1.
fn verify_name(nth: usize) -> String {
    format!("verify-{nth}")
}
