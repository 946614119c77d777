use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::in_its_region;
use crate::access::Access;

/// Whether a default of the bucket's object lock keeps each new version (`GetObjectLockConfiguration`).
pub(super) async fn locks_versions(access: &Access, bucket: &str) -> Result<bool, CloudError> {
    let answer = access
        .read(Call::GetObjectLockConfiguration, || {
            access
                .clients
                .s3()
                .get_object_lock_configuration()
                .bucket(bucket)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer
            .object_lock_configuration
            .and_then(|lock| lock.rule)
            .is_some_and(|rule| rule.default_retention.is_some())),
        Err(error)
            if error.kind == CloudErrorKind::NotFound
                && error.code.as_deref() != Some("NoSuchBucket") =>
        {
            Ok(false)
        }
        Err(error) => Err(in_its_region(error, access, bucket)),
    }
}
