//! Policies of buckets as they are put, read and taken away.

use anyhow::ensure;
use tidemark_domain::RoleArn;
use tidemark_services::ports::{CloudErrorKind, PolicyCloud, Target};

use super::estate::refused;

/// A policy comes back byte for byte, is replaced as a whole, and goes; each is done twice.
pub async fn a_policy_comes_and_goes_byte_for_byte(
    cloud: &dyn PolicyCloud,
    target: &Target,
    bucket: &str,
) -> anyhow::Result<()> {
    ensure!(
        cloud.bucket_policy(target, bucket).await?.is_none(),
        "there before"
    );
    for sid in ["First", "Second"] {
        let policy = format!(
            "{{ \"Version\":\"2012-10-17\",\n  \"Statement\":{{\"Sid\":\"{sid}\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:DeleteObjectVersion\",\"Resource\":\"arn:aws:s3:::{bucket}/*\"}} }}"
        );
        for _ in 0..2 {
            cloud.put_bucket_policy(target, bucket, &policy).await?;
        }
        let found = cloud.bucket_policy(target, bucket).await?;
        ensure!(found.as_deref() == Some(policy.as_str()), "{found:?}");
    }
    for _ in 0..2 {
        cloud.delete_bucket_policy(target, bucket).await?;
    }
    ensure!(
        cloud.bucket_policy(target, bucket).await?.is_none(),
        "still there"
    );
    ensure!(!cloud.locks_versions(target, bucket).await?, "locks");
    Ok(())
}

/// A bucket that is not there is not one without a policy.
pub async fn a_missing_bucket_is_not_found(
    cloud: &dyn PolicyCloud,
    target: &Target,
) -> anyhow::Result<()> {
    let missing = "nobody-has-this-bucket-7d1c";
    let read = cloud.bucket_policy(target, missing).await;
    refused(read, CloudErrorKind::NotFound)?;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{missing}/*"}}}}"#
    );
    let put = cloud.put_bucket_policy(target, missing, &policy).await;
    refused(put, CloudErrorKind::NotFound)?;
    Ok(())
}

/// A role is found by its name with its path, and what is not there is none.
pub async fn a_role_is_found_with_its_path(
    cloud: &dyn PolicyCloud,
    target: &Target,
    arn: &str,
) -> anyhow::Result<()> {
    let name = arn.rsplit('/').next().unwrap_or_default();
    let found = cloud.role(target, name).await?;
    ensure!(
        found.as_ref().map(RoleArn::as_str) == Some(arn),
        "{found:?}"
    );
    let none = cloud.role(target, "NobodyHasThisRole").await?;
    ensure!(none.is_none(), "{none:?}");
    Ok(())
}
