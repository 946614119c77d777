use std::sync::Arc;

use async_trait::async_trait;
use tidemark_records::ports::{ChangeStream, ObjectStore, SourceTable};
use tidemark_services::ports::{BucketFacts, CloudError, RecordsAccess, RecordsCloud, Target};

use super::bucket;
use crate::{AwsCloud, dynamodb};

#[async_trait]
impl RecordsCloud for AwsCloud {
    async fn open(
        &self,
        target: &Target,
        table: &str,
        bucket: &str,
    ) -> Result<RecordsAccess, CloudError> {
        let clients = self.factory().records(target).await?;
        let store: Arc<dyn ObjectStore> = Arc::new(clients.store(bucket));
        let of_tables = clients.clone();
        Ok(RecordsAccess::new(
            store,
            table,
            Arc::new(move |name: &str| Arc::new(of_tables.table(name)) as Arc<dyn SourceTable>),
            Arc::new(move |arn: &str| Arc::new(clients.stream(arn)) as Arc<dyn ChangeStream>),
            self.factory().records_clock(),
        ))
    }

    async fn bucket(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<BucketFacts>, CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(bucket::describe(&access, bucket)).await
    }

    async fn create_bucket(
        &self,
        target: &Target,
        bucket: &str,
        lock: bool,
    ) -> Result<(), CloudError> {
        bucket::create(&self.factory().open(target).await?, bucket, lock).await
    }

    async fn put_lock(&self, target: &Target, bucket: &str, days: u32) -> Result<(), CloudError> {
        bucket::put_lock(&self.factory().open(target).await?, bucket, days).await
    }

    async fn put_versioning(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        bucket::put_versioning(&self.factory().open(target).await?, bucket).await
    }

    async fn put_encryption(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        bucket::put_encryption(&self.factory().open(target).await?, bucket).await
    }

    async fn block_public_access(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        bucket::put_public_access(&self.factory().open(target).await?, bucket).await
    }

    async fn put_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError> {
        bucket::put_policy(&self.factory().open(target).await?, bucket, policy).await
    }

    async fn put_stream(&self, target: &Target, table: &str, on: bool) -> Result<(), CloudError> {
        let access = self.factory().open(target).await?;
        if on {
            dynamodb::put_stream(&access, table, "NEW_AND_OLD_IMAGES").await
        } else {
            dynamodb::remove_stream(&access, table).await
        }
    }
}
