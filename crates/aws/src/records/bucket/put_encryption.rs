use aws_sdk_s3::types::{
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule,
};
use tidemark_services::{calls::Call, ports::CloudError};

use super::unbuilt;
use crate::access::Access;

const OPERATION: Call = Call::PutBucketEncryption;

/// `PutBucketEncryption` with S3's own keys.
pub(crate) async fn put_encryption(access: &Access, bucket: &str) -> Result<(), CloudError> {
    let default = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::Aes256)
        .build()
        .map_err(|error| unbuilt(OPERATION, &error))?;
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(default)
        .build();
    let configuration = ServerSideEncryptionConfiguration::builder()
        .rules(rule)
        .build()
        .map_err(|error| unbuilt(OPERATION, &error))?;
    access
        .call(OPERATION, || {
            access
                .clients
                .s3()
                .put_bucket_encryption()
                .bucket(bucket)
                .server_side_encryption_configuration(configuration.clone())
                .send()
        })
        .await?;
    Ok(())
}
