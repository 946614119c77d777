//! What the engine reports, as use cases and steps word it.

use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_records::{
    RecordsError,
    ports::{PortError, PortErrorKind},
    without_records,
};

use crate::{
    ServiceError,
    ports::{CloudError, CloudErrorKind},
};

/// A failure of the engine, for a use case.
pub(crate) fn records_error(error: RecordsError) -> ServiceError {
    match error {
        RecordsError::Port(error) => ServiceError::Cloud(cloud_error(&error)),
        RecordsError::NoBackup { bucket, index } => {
            ServiceError::NotFound(format!("the index {index} in the bucket {bucket}"))
        }
        RecordsError::Encode(what) => ServiceError::Internal(what.into()),
        error => ServiceError::Conflict(without_records(&error.to_string())),
    }
}

/// A failure of the engine, for a step of a run: what may pass is tried again.
pub(crate) fn records_step_error(error: &RecordsError) -> StepError {
    // A run is read by more people than records are.
    let message = without_records(&error.to_string());
    let RecordsError::Port(port) = error else {
        return if error.is_retryable() {
            StepError::retryable(message)
        } else {
            StepError::permanent(message)
        };
    };
    let step = match port.kind {
        PortErrorKind::Throttled | PortErrorKind::Unavailable | PortErrorKind::Expired => {
            StepError::retryable(message)
        }
        PortErrorKind::Denied => StepError::denied(message).with_guidance(
            "Allow the action for the account's role; the account page checks it link by link.",
        ),
        PortErrorKind::Conflict | PortErrorKind::PreconditionFailed => StepError::conflict(message),
        PortErrorKind::NotFound
        | PortErrorKind::Trimmed
        | PortErrorKind::Invalid
        | PortErrorKind::Unexpected => StepError::permanent(message),
    };
    step.with_detail(json!({
        "operation": port.operation,
        "subject": without_records(&port.subject),
        "code": port.code,
        "request_id": port.request_id,
    }))
}

/// A port's error as the rest of the console knows errors of AWS.
pub(crate) fn cloud_error(error: &PortError) -> CloudError {
    let kind = match error.kind {
        PortErrorKind::Throttled => CloudErrorKind::Throttled,
        PortErrorKind::Unavailable => CloudErrorKind::Unavailable,
        PortErrorKind::Denied => CloudErrorKind::Denied,
        PortErrorKind::NotFound => CloudErrorKind::NotFound,
        PortErrorKind::PreconditionFailed | PortErrorKind::Conflict => CloudErrorKind::Conflict,
        PortErrorKind::Invalid => CloudErrorKind::Invalid,
        PortErrorKind::Trimmed | PortErrorKind::Expired | PortErrorKind::Unexpected => {
            CloudErrorKind::Unexpected
        }
    };
    CloudError {
        kind,
        operation: error.operation.clone(),
        code: error.code.clone(),
        message: without_records(&format!("{}: {}", error.subject, error.message)),
        status: None,
        request_id: error.request_id.clone(),
    }
}
