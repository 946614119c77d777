use std::sync::Arc;

use tidemark_domain::{records::Capture, runs::StepError};
use tidemark_records::ports::Checkpoints;
use tidemark_runs::StepCtx;

use super::SetupParams;
use crate::{
    ports::{
        AccountStore, Captures, CloudError, CloudErrorKind, RecordsAccess, RecordsCloud, Target,
    },
    runs::{run_target, step_error},
};

/// What every step of a set-up works with.
pub(super) struct World {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) records: Arc<dyn RecordsCloud>,
    pub(super) captures: Arc<dyn Captures>,
    pub(super) checkpoints: Arc<dyn Checkpoints>,
    pub(super) params: SetupParams,
}

impl World {
    /// The run's credentials: nothing but the session policy that was shown.
    pub(super) async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        run_target(
            self.accounts.as_ref(),
            &self.params.account,
            &self.params.region,
            ctx.run_id(),
            &ctx.source_identity(),
            self.params.session_policy.clone(),
        )
        .await
    }

    /// Table, bucket and stream.
    pub(super) async fn open(&self, ctx: &StepCtx) -> Result<RecordsAccess, StepError> {
        let target = self.target(ctx).await?;
        self.records
            .open(
                &target,
                self.params.request.table.name(),
                &self.params.request.bucket,
            )
            .await
            .map_err(|error| step_error(&error))
    }

    /// The capture: the one that is there, or a new one that has the run's id.
    pub(super) fn capture(&self, ctx: &StepCtx) -> Capture {
        let SetupParams {
            account,
            region,
            known,
            request,
            ..
        } = &self.params;
        Capture {
            id: known
                .clone()
                .unwrap_or_else(|| ctx.run_id().as_uuid().to_string()),
            account: account.clone(),
            region: region.clone(),
            table: request.table.clone(),
            bucket: request.bucket.clone(),
            prefix: request.prefix.clone(),
            layout: request.layout,
            mode: request.mode,
            created_at: ctx.created_at(),
            created_by: ctx.creator().to_owned(),
        }
    }
}

/// A table or bucket that is being changed by others is tried again.
pub(super) fn busy_is_retryable(error: &CloudError) -> StepError {
    let step = step_error(error);
    let taken = error.code.as_deref() == Some("BucketAlreadyExists");
    if error.kind == CloudErrorKind::Conflict && !taken {
        return StepError {
            kind: tidemark_domain::runs::StepErrorKind::Retryable,
            ..step
        };
    }
    step
}
