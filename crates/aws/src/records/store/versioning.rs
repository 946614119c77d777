use aws_sdk_s3::types::BucketVersioningStatus;
use tidemark_records::ports::{PortError, Versioning};

use super::S3Store;
use tidemark_services::calls::Call;

/// `GetBucketVersioning`.
pub(super) async fn versioning(store: &S3Store) -> Result<Versioning, PortError> {
    let answer = store
        .client
        .get_bucket_versioning()
        .bucket(&store.bucket)
        .send()
        .await
        .map_err(|error| {
            store
                .caller
                .error(Call::GetBucketVersioning, &store.bucket, error)
        })?;
    Ok(match answer.status {
        Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
        Some(BucketVersioningStatus::Suspended) => Versioning::Suspended,
        _ => Versioning::Off,
    })
}
