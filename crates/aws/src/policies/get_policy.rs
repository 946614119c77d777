use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::in_its_region;
use crate::access::Access;

/// `GetBucketPolicy`. S3 says `NoSuchBucketPolicy` of a bucket without one.
pub(super) async fn get_policy(
    access: &Access,
    bucket: &str,
) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::GetBucketPolicy, || {
            access
                .clients
                .s3()
                .get_bucket_policy()
                .bucket(bucket)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.policy.filter(|policy| !policy.trim().is_empty())),
        Err(error)
            if error.kind == CloudErrorKind::NotFound
                && error.code.as_deref() == Some("NoSuchBucketPolicy") =>
        {
            Ok(None)
        }
        Err(error) => Err(in_its_region(error, access, bucket)),
    }
}
