use tidemark_services::{calls::Call, ports::CloudError};

use super::in_its_region;
use crate::access::Access;

/// `DeleteBucketPolicy`, which succeeds where there is none.
pub(super) async fn delete_policy(access: &Access, bucket: &str) -> Result<(), CloudError> {
    access
        .call(Call::DeleteBucketPolicy, || {
            access
                .clients
                .s3()
                .delete_bucket_policy()
                .bucket(bucket)
                .send()
        })
        .await
        .map(drop)
        .map_err(|error| in_its_region(error, access, bucket))
}
