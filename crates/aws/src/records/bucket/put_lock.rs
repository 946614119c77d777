use aws_sdk_s3::types::{
    DefaultRetention, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockRetentionMode,
    ObjectLockRule,
};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `PutObjectLockConfiguration`: each new version is locked in governance mode for so many days.
pub(crate) async fn put_lock(access: &Access, bucket: &str, days: u32) -> Result<(), CloudError> {
    let retention = DefaultRetention::builder()
        .mode(ObjectLockRetentionMode::Governance)
        .days(i32::try_from(days).unwrap_or(i32::MAX))
        .build();
    let configuration = ObjectLockConfiguration::builder()
        .object_lock_enabled(ObjectLockEnabled::Enabled)
        .rule(
            ObjectLockRule::builder()
                .default_retention(retention)
                .build(),
        )
        .build();
    access
        .call(Call::PutObjectLockConfiguration, || {
            access
                .clients
                .s3()
                .put_object_lock_configuration()
                .bucket(bucket)
                .object_lock_configuration(configuration.clone())
                .send()
        })
        .await?;
    Ok(())
}
