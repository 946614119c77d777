use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `PutBucketPolicy`, whole.
pub(crate) async fn put_policy(
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
        .await?;
    Ok(())
}
