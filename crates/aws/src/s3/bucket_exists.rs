use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// `GetBucketLocation`, which the access role may ask of any bucket: what it may not see, or must ask
/// in another Region, exists all the same.
pub(crate) async fn bucket_exists(access: &Access, name: &str) -> Result<bool, CloudError> {
    let answer = access
        .read(Call::GetBucketLocation, || {
            access
                .clients
                .s3()
                .get_bucket_location()
                .bucket(name)
                .send()
        })
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) => told(&error).ok_or(error),
    }
}

/// What a refusal tells: S3 says `NoSuchBucket` of a name that nobody has, and refuses to speak of a
/// bucket of somebody else's, or points to its Region.
fn told(error: &CloudError) -> Option<bool> {
    let elsewhere = matches!(
        error.code.as_deref(),
        Some(
            "PermanentRedirect"
                | "IllegalLocationConstraintException"
                | "AuthorizationHeaderMalformed"
        )
    );
    match error.kind {
        _ if error.code.as_deref() == Some("NoSuchBucket") => Some(false),
        _ if elsewhere || error.status == Some(301) => Some(true),
        // The role itself may lack the permission; then too the name must not be taken for free.
        CloudErrorKind::Denied if error.code.as_deref() == Some("AccessDenied") => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: CloudErrorKind, code: &str, status: u16) -> CloudError {
        let mut error = CloudError::local(kind, "s3:GetBucketLocation", "");
        error.code = Some(code.to_owned());
        error.status = Some(status);
        error
    }

    #[test]
    fn only_no_such_bucket_is_a_free_name() {
        use CloudErrorKind as K;
        for (kind, code, status, expected) in [
            (K::NotFound, "NoSuchBucket", 404, Some(false)),
            (K::Denied, "AccessDenied", 403, Some(true)),
            (K::Unexpected, "PermanentRedirect", 301, Some(true)),
            (K::Invalid, "AuthorizationHeaderMalformed", 400, Some(true)),
            (K::Denied, "ExpiredToken", 400, None),
            (K::NotFound, "NoSuchKey", 404, None),
            (K::Throttled, "SlowDown", 503, None),
        ] {
            assert_eq!(told(&error(kind, code, status)), expected, "{code}");
        }
    }
}
