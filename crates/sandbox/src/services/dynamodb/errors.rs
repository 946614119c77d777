//! The typed errors of the operations that are ours.

use awsim_core::AwsError;

use super::table_key::TableKey;

pub(super) fn validation(message: impl Into<String>) -> AwsError {
    AwsError::bad_request("ValidationException", message)
}

pub(super) fn table_not_found(table: &TableKey) -> AwsError {
    AwsError::bad_request(
        "TableNotFoundException",
        format!("Table not found: {}", table.name),
    )
}

pub(super) fn table_exists(table: &TableKey) -> AwsError {
    AwsError::bad_request(
        "TableAlreadyExistsException",
        format!("Table already exists: {}", table.name),
    )
}

pub(super) fn backup_not_found(arn: &str) -> AwsError {
    AwsError::bad_request(
        "BackupNotFoundException",
        format!("Backup not found: {arn}"),
    )
}

pub(super) fn stream_not_found(arn: &str) -> AwsError {
    AwsError::bad_request(
        "ResourceNotFoundException",
        format!("Requested resource not found: Stream: {arn} not found"),
    )
}
