use tidemark_services::ports::CloudError;

use crate::access::Access;

/// `PutBucketPolicy`, whole.
pub(crate) async fn put_policy(
    access: &Access,
    bucket: &str,
    policy: &str,
) -> Result<(), CloudError> {
    access
        .call("s3:PutBucketPolicy", || {
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
