use tidemark_services::{calls::Call, ports::CloudError};

use super::in_its_region;
use crate::access::Access;

/// `PutBucketPolicy`, whole.
pub(super) async fn put_policy(
    access: &Access,
    bucket: &str,
    policy: &str,
) -> Result<(), CloudError> {
    access
        .call(Call::PutBucketPolicy, || {
            access
                .clients
                .s3()
                .put_bucket_policy()
                .bucket(bucket)
                .policy(policy)
                .send()
        })
        .await
        .map(drop)
        .map_err(|error| in_its_region(error, access, bucket))
}
