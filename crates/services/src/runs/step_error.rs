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
        CloudErrorKind::Throttled | CloudErrorKind::Unavailable | CloudErrorKind::Timeout => {
            StepError::retryable(message)
        }
        CloudErrorKind::Denied => StepError::denied(message)
            .with_guidance("Allow the action for the account's role; the account page checks it link by link."),
        CloudErrorKind::Conflict => StepError::conflict(message),
        CloudErrorKind::LimitExceeded => StepError::permanent(message)
            .with_guidance("Wait until other restores have ended, or ask AWS for a higher quota, then start again."),
        CloudErrorKind::NotFound | CloudErrorKind::Invalid | CloudErrorKind::Unexpected => {
            StepError::permanent(message)
        }
    };
    step.with_detail(json!({
        "operation": error.operation,
        "code": error.code,
        "status": error.status,
        "request_id": error.request_id,
    }))
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
