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
        // As for every other call: an answer that makes no sense is a proxy's, and nothing is concluded from it.
        PortErrorKind::Throttled
        | PortErrorKind::Unavailable
        | PortErrorKind::Expired
        | PortErrorKind::Unexpected => StepError::retryable(message),
        PortErrorKind::Denied => StepError::denied(message).with_guidance(
            "Allow the action for the account's role; the account page checks it link by link.",
        ),
        PortErrorKind::Conflict | PortErrorKind::PreconditionFailed => StepError::conflict(message),
        PortErrorKind::NotFound | PortErrorKind::Trimmed | PortErrorKind::Invalid => {
            StepError::permanent(message)
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::step_error;

    #[test]
    fn what_may_pass_for_other_calls_may_pass_for_those_of_records() {
        for kind in [
            PortErrorKind::Throttled,
            PortErrorKind::Unavailable,
            PortErrorKind::Denied,
            PortErrorKind::NotFound,
            PortErrorKind::Conflict,
            PortErrorKind::Invalid,
            PortErrorKind::Unexpected,
        ] {
            let error = PortError::new(kind, "s3:GetObject", "index.json", "no");
            let other = step_error(&cloud_error(&error));
            let step = records_step_error(&RecordsError::Port(error));
            assert_eq!(step.kind, other.kind, "{kind:?}");
        }
    }
}
