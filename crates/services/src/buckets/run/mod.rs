//! The run that changes a bucket's settings, one step for each setting. Nothing is undone: what is changed protects.

mod expiry;
mod public_access;
mod versioning;
mod world;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    Scope,
    buckets::{BucketPlace, LifecycleRule, SettingsFix, SettingsRequest},
};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use self::{
    expiry::ExpiryStep, public_access::PublicAccessStep, versioning::VersioningStep, world::World,
};
use crate::{
    ports::{AccountStore, Buckets},
    runs::Refresh,
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const SET_BUCKET_KIND: &str = "set-bucket-settings";

/// The parameters: as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetBucketParams {
    /// The changes.
    pub(crate) request: SettingsRequest,
    /// The lifecycle rules that were shown.
    pub(crate) shown: Vec<LifecycleRule>,
    /// Digest of the plan.
    pub(crate) digest: String,
}

/// What only one unfinished run may change.
pub(super) fn target_of(place: &BucketPlace) -> String {
    format!("bucket:{}", place.bucket)
}

/// The same for a run that is begun again.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    let params: Result<SetBucketParams, _> = parse_params(params);
    params
        .map(|params| vec![target_of(&params.request.place)])
        .unwrap_or_default()
}

/// The run kind *change a bucket's settings*.
pub struct SetBucketRun {
    accounts: Arc<dyn AccountStore>,
    buckets: Arc<dyn Buckets>,
    sync: SyncQueue,
}

impl SetBucketRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        buckets: Arc<dyn Buckets>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            accounts,
            buckets,
            sync,
        }
    }
}

impl RunKind for SetBucketRun {
    fn name(&self) -> &'static str {
        SET_BUCKET_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<SetBucketParams> = Arc::new(parse_params(params)?);
        let world = || World {
            accounts: Arc::clone(&self.accounts),
            buckets: Arc::clone(&self.buckets),
            params: Arc::clone(&params),
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        let asked = |fix: &SettingsFix| params.request.fixes.contains(fix);
        if asked(&SettingsFix::EnableVersioning) {
            steps.push(Box::new(VersioningStep(world())));
        }
        if asked(&SettingsFix::BlockPublicAccess) {
            steps.push(Box::new(PublicAccessStep(world())));
        }
        let rules: Vec<String> = params
            .request
            .fixes
            .iter()
            .filter_map(|fix| match fix {
                SettingsFix::StopExpiring { rule } => Some(rule.clone()),
                _ => None,
            })
            .collect();
        if !rules.is_empty() {
            steps.push(Box::new(ExpiryStep {
                world: world(),
                rules,
            }));
        }
        let place = &params.request.place;
        steps.push(Box::new(Refresh::of(
            self.sync.clone(),
            Scope {
                account: place.account.clone(),
                region: place.region.clone(),
            },
        )));
        Ok(steps)
    }
}
