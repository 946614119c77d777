use aws_sdk_s3::types::BucketVersioningStatus;
use tidemark_records::ports::Versioning;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `GetBucketVersioning`. Suspended, a bucket still has the versions that it kept before.
pub(crate) async fn versioning(access: &Access, bucket: &str) -> Result<Versioning, CloudError> {
    let answer = access
        .read(Call::GetBucketVersioning, || {
            access
                .clients
                .s3()
                .get_bucket_versioning()
                .bucket(bucket)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(match answer.status {
            Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
            Some(_) => Versioning::Suspended,
            None => Versioning::Off,
        }),
        // Some endpoints answer with nothing where versions were never kept.
        Err(error) if error.status == Some(200) => Ok(Versioning::Off),
        Err(error) => Err(error),
    }
}
