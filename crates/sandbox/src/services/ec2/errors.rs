//! The typed errors of block storage.

use awsim_core::AwsError;

pub(super) fn dry_run() -> AwsError {
    let mut error = AwsError::bad_request(
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    );
    error.status = http::StatusCode::PRECONDITION_FAILED;
    error
}

pub(super) fn missing(member: &str) -> AwsError {
    AwsError::bad_request(
        "MissingParameter",
        format!("The request must contain the parameter {member}"),
    )
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad_request("InvalidParameterValue", message)
}

pub(super) fn volume_not_found(id: &str) -> AwsError {
    AwsError::bad_request(
        "InvalidVolume.NotFound",
        format!("The volume '{id}' does not exist."),
    )
}

pub(super) fn snapshot_not_found(id: &str) -> AwsError {
    AwsError::bad_request(
        "InvalidSnapshot.NotFound",
        format!("The snapshot '{id}' does not exist."),
    )
}

pub(super) fn instance_not_found(id: &str) -> AwsError {
    AwsError::bad_request(
        "InvalidInstanceID.NotFound",
        format!("The instance ID '{id}' does not exist"),
    )
}

pub(super) fn incorrect_state(message: impl Into<String>) -> AwsError {
    AwsError::bad_request("IncorrectState", message)
}
