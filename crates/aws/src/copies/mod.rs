//! Copies of recovery points, and what they depend on: keys, organizations.

mod copy_job;
mod cross_account;
mod key;
mod key_policy;
mod organization;
mod point_keys;
mod start_copy;

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidemark_domain::{Arn, copies::PointKey};
use tidemark_services::ports::{CloudError, CopyCloud, CopyJobState, CopyStart, KeysOf, Target};

use crate::AwsCloud;

#[async_trait]
impl CopyCloud for AwsCloud {
    async fn start_copy(&self, target: &Target, start: &CopyStart) -> Result<String, CloudError> {
        start_copy::start_copy(&self.open(target).await?, start).await
    }

    async fn copy_job(&self, target: &Target, job_id: &str) -> Result<CopyJobState, CloudError> {
        copy_job::copy_job(&self.open(target).await?, job_id).await
    }

    async fn point_keys(
        &self,
        target: &Target,
        of: &KeysOf,
    ) -> Result<BTreeMap<Arn, PointKey>, CloudError> {
        point_keys::point_keys(&self.open(target).await?, of).await
    }

    async fn key_is_of_aws(&self, target: &Target, key: &str) -> Result<bool, CloudError> {
        key::is_of_aws(&self.open(target).await?, key).await
    }

    async fn key_policy(&self, target: &Target, key: &str) -> Result<String, CloudError> {
        key_policy::key_policy(&self.open(target).await?, key).await
    }

    async fn organization(&self, target: &Target) -> Result<Option<String>, CloudError> {
        organization::organization(&self.open(target).await?).await
    }

    async fn cross_account_backup(&self, target: &Target) -> Result<bool, CloudError> {
        cross_account::cross_account_backup(&self.open(target).await?).await
    }
}
