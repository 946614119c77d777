//! The failure wrapper's copies of recovery points.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tidemark_domain::{Arn, copies::PointKey};
use tidemark_services::ports::{CloudError, CopyCloud, CopyJobState, CopyStart, KeysOf, Target};

use crate::FaultyCloud;

#[async_trait]
impl CopyCloud for FaultyCloud {
    async fn start_copy(&self, target: &Target, start: &CopyStart) -> Result<String, CloudError> {
        let call = self.inner.start_copy(target, start);
        self.pass("start_copy", target, start.point.as_str(), call)
            .await
    }

    async fn copy_job(&self, target: &Target, job_id: &str) -> Result<CopyJobState, CloudError> {
        let call = self.inner.copy_job(target, job_id);
        self.pass("copy_job", target, job_id, call).await
    }

    async fn point_keys(
        &self,
        target: &Target,
        of: &KeysOf,
    ) -> Result<BTreeMap<Arn, PointKey>, CloudError> {
        let call = self.inner.point_keys(target, of);
        self.pass("point_keys", target, &of.vault, call).await
    }

    async fn key_is_of_aws(&self, target: &Target, key: &str) -> Result<bool, CloudError> {
        let call = self.inner.key_is_of_aws(target, key);
        self.pass("key_is_of_aws", target, key, call).await
    }

    async fn key_policy(&self, target: &Target, key: &str) -> Result<String, CloudError> {
        let call = self.inner.key_policy(target, key);
        self.pass("key_policy", target, key, call).await
    }

    async fn organization(&self, target: &Target) -> Result<Option<String>, CloudError> {
        let call = self.inner.organization(target);
        self.pass("organization", target, "", call).await
    }

    async fn cross_account_backup(&self, target: &Target) -> Result<bool, CloudError> {
        let call = self.inner.cross_account_backup(target);
        self.pass("cross_account_backup", target, "", call).await
    }
}
