use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use tidemark_services::{calls::Call, ports::CloudError};

use super::describe;
use crate::access::Access;

/// `CreateBucket` in the Region of the credentials. A bucket that the account has already is taken
/// for the one that was asked for.
pub(crate) async fn create(access: &Access, bucket: &str, lock: bool) -> Result<(), CloudError> {
    // us-east-1 is worded as nothing.
    let place = (access.region.as_str() != "us-east-1").then(|| {
        CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(access.region.as_str()))
            .build()
    });
    let answer = access
        .call(Call::CreateBucket, || {
            access
                .clients
                .s3()
                .create_bucket()
                .bucket(bucket)
                .set_create_bucket_configuration(place.clone())
                .set_object_lock_enabled_for_bucket(lock.then_some(true))
                .send()
        })
        .await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.code.as_deref() == Some("BucketAlreadyOwnedByYou") => {
            match describe::region(access, bucket).await? {
                Some(_) => Ok(()),
                None => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}
