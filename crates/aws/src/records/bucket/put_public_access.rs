use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `PutPublicAccessBlock`, all four.
pub(crate) async fn put_public_access(access: &Access, bucket: &str) -> Result<(), CloudError> {
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .ignore_public_acls(true)
        .block_public_policy(true)
        .restrict_public_buckets(true)
        .build();
    access
        .call(Call::PutPublicAccessBlock, || {
            access
                .clients
                .s3()
                .put_public_access_block()
                .bucket(bucket)
                .public_access_block_configuration(block.clone())
                .send()
        })
        .await?;
    Ok(())
}
