use std::sync::Arc;

use tidemark_domain::{
    buckets::{BucketSettings, Known},
    runs::StepError,
};
use tidemark_runs::StepCtx;

use super::{super::policy::settings_policy, SetBucketParams};
use crate::{
    ports::{AccountStore, Buckets, CloudError, CloudErrorKind, Target},
    runs::{run_target, step_error},
};

/// What every step works with.
pub(super) struct World {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) buckets: Arc<dyn Buckets>,
    pub(super) params: Arc<SetBucketParams>,
}

impl World {
    pub(super) fn bucket(&self) -> &str {
        &self.params.request.place.bucket
    }

    pub(super) async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        let place = &self.params.request.place;
        run_target(
            self.accounts.as_ref(),
            &place.account,
            &place.region,
            ctx.run_id(),
            &ctx.source_identity(),
            settings_policy(&self.params.request).fitted(),
        )
        .await
    }

    pub(super) async fn settings(&self, target: &Target) -> Result<BucketSettings, StepError> {
        let settings = self.buckets.settings(target, self.bucket()).await;
        settings.map_err(|error| failed(&error))
    }
}

/// S3 refuses a change of a bucket while another is under way; that passes.
pub(super) fn failed(error: &CloudError) -> StepError {
    if error.kind == CloudErrorKind::Conflict && error.code.as_deref() == Some("OperationAborted") {
        return StepError::retryable(error.to_string());
    }
    step_error(error)
}

/// What a setting is; it may be readable again later.
pub(super) fn known<'a, T>(what: &str, found: &'a Known<T>) -> Result<&'a T, StepError> {
    match found {
        Known::Is(found) => Ok(found),
        Known::Unknown(why) => Err(StepError::retryable(format!(
            "the {what} could not be read: {why}"
        ))),
    }
}
