use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `PutBucketVersioning`: on.
pub(crate) async fn put_versioning(access: &Access, bucket: &str) -> Result<(), CloudError> {
    let on = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    access
        .call(Call::PutBucketVersioning, || {
            access
                .clients
                .s3()
                .put_bucket_versioning()
                .bucket(bucket)
                .versioning_configuration(on.clone())
                .send()
        })
        .await?;
    Ok(())
}
