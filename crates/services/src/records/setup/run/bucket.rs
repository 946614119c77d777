use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_records::ports::Versioning;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::{World, busy_is_retryable};
use crate::{
    ports::{BucketFacts, CloudError, Target},
    records::{
        policy::Place,
        setup::bucket_policy::{keep_versions, merged},
    },
};

/// Makes the bucket, or brings the one that is there into the state that was shown.
pub(super) struct BucketStep(pub(super) World);

#[async_trait]
impl Step for BucketStep {
    fn name(&self) -> &'static str {
        "bucket"
    }

    fn title(&self) -> String {
        format!("Bucket {} ready", self.0.params.request.bucket)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let failed = |error: CloudError| busy_is_retryable(&error);
        let request = &self.0.params.request;
        let bucket = request.bucket.as_str();
        let records = &self.0.records;
        let mut done: Vec<&str> = Vec::new();
        let mut facts = records.bucket(&target, bucket).await.map_err(failed)?;
        if facts.is_none() && request.create_bucket {
            let lock = request.lock_days.is_some();
            records
                .create_bucket(&target, bucket, lock)
                .await
                .map_err(failed)?;
            done.push("made");
            facts = records.bucket(&target, bucket).await.map_err(failed)?;
        }
        let Some(facts) = facts else {
            return Err(if request.create_bucket {
                StepError::retryable(format!("bucket: {bucket} cannot be seen yet"))
            } else {
                StepError::permanent(format!("bucket: there is no bucket {bucket}"))
            });
        };
        if facts.region != target.region {
            return Err(StepError::permanent(format!(
                "bucket: {bucket} lies in {}, the table in {}",
                facts.region, target.region
            )));
        }
        if let Some(days) = request.lock_days
            && facts.lock_days != Some(days)
        {
            records
                .put_lock(&target, bucket, days)
                .await
                .map_err(failed)?;
            done.push("locks versions");
        }
        if facts.versioning != Versioning::Enabled {
            if !request.versioning && !request.create_bucket {
                return Err(StepError::permanent(format!(
                    "bucket: {bucket} keeps no versions, and the set-up may not switch them on"
                )));
            }
            records
                .put_versioning(&target, bucket)
                .await
                .map_err(failed)?;
            done.push("keeps versions");
        }
        self.protect(&target, &facts, &mut done).await?;
        StepOutcome::done_with(json!({ "bucket": bucket, "done": done }))
    }
}

impl BucketStep {
    async fn protect(
        &self,
        target: &Target,
        facts: &BucketFacts,
        done: &mut Vec<&str>,
    ) -> Result<(), StepError> {
        let failed = |error: CloudError| busy_is_retryable(&error);
        let request = &self.0.params.request;
        let bucket = request.bucket.as_str();
        let records = &self.0.records;
        if facts.encryption.is_none() && request.encryption {
            records
                .put_encryption(target, bucket)
                .await
                .map_err(failed)?;
            done.push("encrypts");
        }
        if !facts.blocks_public_access && request.block_public_access {
            records
                .block_public_access(target, bucket)
                .await
                .map_err(failed)?;
            done.push("blocks public access");
        }
        if request.deny_version_deletion {
            let place = Place::at(&request.table, bucket, &request.prefix);
            let statement = keep_versions(&place, &request.break_glass_role);
            let policy = merged(facts.policy.as_deref(), &statement)
                .map_err(|invalid| StepError::permanent(invalid.to_string()))?;
            if let Some(policy) = policy {
                records
                    .put_policy(target, bucket, &policy)
                    .await
                    .map_err(failed)?;
                done.push("keeps versions from being deleted");
            }
        }
        Ok(())
    }
}
