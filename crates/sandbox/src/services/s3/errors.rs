//! The typed errors of the operations that are ours.

use awsim_core::AwsError;

pub(super) fn no_such_bucket(bucket: &str) -> AwsError {
    AwsError::not_found("NoSuchBucket", "The specified bucket does not exist")
        .with_extra("BucketName", bucket.into())
}

pub(super) fn no_such_key(key: &str) -> AwsError {
    AwsError::not_found("NoSuchKey", "The specified key does not exist.")
        .with_extra("Key", key.into())
}

pub(super) fn precondition_failed() -> AwsError {
    AwsError::precondition_failed(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    )
}

pub(super) fn locked() -> AwsError {
    AwsError::forbidden(
        "AccessDenied",
        "Access Denied because object protected by object lock.",
    )
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad_request("InvalidArgument", message)
}

pub(super) fn malformed() -> AwsError {
    AwsError::bad_request(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}
