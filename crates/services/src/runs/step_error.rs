use serde_json::json;
use tidemark_domain::runs::StepError;

use crate::{
    ServiceError, StoreError,
    ports::{CloudError, CloudErrorKind},
};

/// What a failed AWS call means for a step: decided here for every run kind.
pub(crate) fn step_error(error: &CloudError) -> StepError {
    let message = error.to_string();
    let step = match error.kind {
        // An answer that makes no sense is a proxy's, or that of a wrong address: nothing is concluded
        // from it.
        CloudErrorKind::Throttled
        | CloudErrorKind::Unavailable
        | CloudErrorKind::Timeout
        | CloudErrorKind::Unexpected => StepError::retryable(message),
        CloudErrorKind::Denied => StepError::denied(message).with_guidance(
            "Allow the action for the account's role; the account page checks it link by link.",
        ),
        CloudErrorKind::Conflict => StepError::conflict(message),
        // DynamoDB's limits are on what goes on at once, and pass when it has ended; others are on
        // what there is.
        CloudErrorKind::LimitExceeded if error.operation.starts_with("dynamodb:") => {
            StepError::retryable(message).with_guidance(
                "It goes on by itself once other restores and changes of tables have ended.",
            )
        }
        CloudErrorKind::LimitExceeded => StepError::permanent(message)
            .with_guidance("Make room, or ask AWS for a higher quota, then start again."),
        CloudErrorKind::NotFound | CloudErrorKind::Invalid => StepError::permanent(message),
    };
    step.with_detail(json!({
        "operation": error.operation,
        "code": error.code,
        "status": error.status,
        "request_id": error.request_id,
    }))
}

/// Whether a step waits for what kept this call from working: it may pass, or nothing can be concluded from it.
pub(crate) fn may_pass(error: &CloudError) -> bool {
    step_error(error).is_retryable()
}

/// A failure of the run store, for a use case.
pub(crate) fn store_error(error: tidemark_runs::StoreError) -> ServiceError {
    match error {
        tidemark_runs::StoreError::NotFound(id) => ServiceError::NotFound(format!("run {id}")),
        tidemark_runs::StoreError::Unavailable(source) => match source.downcast::<StoreError>() {
            // As the store of everything else words it.
            Ok(error) => ServiceError::from(*error),
            Err(source) => ServiceError::Internal(source),
        },
        error => ServiceError::Internal(Box::new(error)),
    }
}
