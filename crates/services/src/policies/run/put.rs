use async_trait::async_trait;
use serde_json::Value;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{PUT, Work};
use crate::{
    policies::session::bucket_policy,
    ports::Target,
    runs::{run_target, step_error},
};

/// Puts the policy, unless the bucket has got another one than was shown.
pub(super) struct PutPolicy(pub(super) Work);

impl Work {
    /// The run's way into the bucket's account.
    pub(super) async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        let request = &self.params.request;
        run_target(
            &*self.accounts,
            &request.account,
            &request.region,
            ctx.run_id(),
            &ctx.source_identity(),
            bucket_policy(request).fitted(),
        )
        .await
    }

    pub(super) async fn policy(&self, target: &Target) -> Result<Option<String>, StepError> {
        self.policies
            .bucket_policy(target, self.params.request.bucket.as_str())
            .await
            .map_err(|error| step_error(&error))
    }

    async fn write(&self, target: &Target, policy: Option<&str>) -> Result<(), StepError> {
        let bucket = self.params.request.bucket.as_str();
        match policy {
            Some(policy) => {
                self.policies
                    .put_bucket_policy(target, bucket, policy)
                    .await
            }
            None => self.policies.delete_bucket_policy(target, bucket).await,
        }
        .map_err(|error| step_error(&error))
    }
}

/// Whether both say the same: S3 may give back other white space than it was given.
pub(crate) fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let read = |text: Option<&str>| text.map(serde_json::from_str::<Value>);
    one == other
        || match (read(one), read(other)) {
            (Some(Ok(one)), Some(Ok(other))) => one == other,
            _ => false,
        }
}

#[async_trait]
impl Step for PutPolicy {
    fn name(&self) -> &'static str {
        PUT
    }

    fn title(&self) -> String {
        let bucket = &self.0.params.request.bucket;
        match self.0.params.after {
            Some(_) => format!("Put the policy of the bucket {bucket}"),
            None => format!("Delete the policy of the bucket {bucket}"),
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let params = &self.0.params;
        let target = self.0.target(ctx).await?;
        let now = self.0.policy(&target).await?;
        if same(now.as_deref(), params.after.as_deref()) {
            return Ok(StepOutcome::done());
        }
        if !same(now.as_deref(), params.before.as_deref()) {
            return Err(StepError::permanent(
                "The bucket's policy was changed by somebody else since it was shown. Nothing was written.",
            )
            .with_guidance("Look at the plan again: it starts from the policy as it is now."));
        }
        self.0.write(&target, params.after.as_deref()).await?;
        Ok(StepOutcome::done())
    }

    /// What was put stays, whatever its proof says.
    fn seals(&self) -> bool {
        true
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let params = &self.0.params;
        let target = self.0.target(ctx).await?;
        let now = self.0.policy(&target).await?;
        // What is neither is somebody else's by now, and stays.
        if same(now.as_deref(), params.after.as_deref()) {
            self.0.write(&target, params.before.as_deref()).await?;
        }
        Ok(StepOutcome::done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_compared_by_what_they_say() {
        let text = r#"{"Statement": [], "Version":"2012-10-17"}"#;
        assert!(same(
            Some(text),
            Some(r#"{"Version":"2012-10-17","Statement":[]}"#)
        ));
        assert!(same(None, None) && same(Some("{"), Some("{")));
        assert!(!same(Some(text), None) && !same(Some("{"), Some("[")));
        assert!(!same(
            Some(text),
            Some(r#"{"Version":"2008-10-17","Statement":[]}"#)
        ));
    }
}
