use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tidemark_records::ports::{PortError, PortErrorKind};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{classify::classify, endpoints::Endpoints};

/// Where calls go, for the words of their errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    endpoints: Endpoints,
    region: String,
}

impl Caller {
    pub(super) fn new(endpoints: Endpoints, region: impl Into<String>) -> Self {
        Self {
            endpoints,
            region: region.into(),
        }
    }

    /// The port's error of a failed call.
    pub(crate) fn error<E>(
        &self,
        operation: Call,
        subject: &str,
        error: SdkError<E, HttpResponse>,
    ) -> PortError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let endpoint = self.endpoints.of(operation.row().service, &self.region);
        port_error(subject, classify(operation, &endpoint, error))
    }
}

fn port_error(subject: &str, error: CloudError) -> PortError {
    PortError {
        kind: kind_of(&error),
        operation: error.operation,
        subject: subject.to_owned(),
        code: error.code,
        message: error.message,
        request_id: error.request_id,
    }
}

/// What the engine makes of a failure: what only it tells apart first, then the common kinds.
fn kind_of(error: &CloudError) -> PortErrorKind {
    use PortErrorKind as K;
    let code = error.code.as_deref().unwrap_or_default();
    let call = Call::named(&error.operation);
    let is_put = matches!(
        call,
        Some(Call::PutObject | Call::CopyObject | Call::DeleteObject)
    );
    match code.strip_suffix("Exception").unwrap_or(code) {
        "ConditionalCheckFailed" | "PreconditionFailed" => return K::PreconditionFailed,
        // Another conditional write of the same object is under way.
        "ConditionalRequestConflict" | "OperationAborted" => return K::Unavailable,
        "ReplicatedWriteConflict" | "TransactionConflict" | "TransactionInProgress" => {
            return K::Unavailable;
        }
        "TrimmedDataAccess" => return K::Trimmed,
        "ExpiredIterator" => return K::Expired,
        // A bucket that is missing must not be taken for an object that is.
        "ItemCollectionSizeLimitExceeded" | "NoSuchBucket" => return K::Invalid,
        // `If-Match` over an object that is gone.
        "NoSuchKey" if is_put => return K::PreconditionFailed,
        // A version that is a delete marker.
        "MethodNotAllowed" => return K::NotFound,
        _ => {}
    }
    match (call, error.status) {
        // Answers to HEAD have no body, and so no code.
        (Some(Call::HeadObject), Some(404 | 405)) | (Some(Call::GetObject), Some(405)) => {
            return K::NotFound;
        }
        (_, Some(412)) if is_put => return K::PreconditionFailed,
        _ => {}
    }
    match error.kind {
        CloudErrorKind::Denied => K::Denied,
        CloudErrorKind::Throttled | CloudErrorKind::LimitExceeded => K::Throttled,
        CloudErrorKind::NotFound => K::NotFound,
        CloudErrorKind::Conflict => K::Conflict,
        CloudErrorKind::Invalid => K::Invalid,
        CloudErrorKind::Unavailable | CloudErrorKind::Timeout => K::Unavailable,
        CloudErrorKind::Unexpected => K::Unexpected,
    }
}

/// An answer that lacks what it must have.
pub(super) fn unexpected(operation: Call, subject: &str, what: impl Into<String>) -> PortError {
    PortError::new(PortErrorKind::Unexpected, operation, subject, what)
}

/// A request that cannot be made.
pub(super) fn invalid(operation: Call, subject: &str, what: impl ToString) -> PortError {
    PortError::new(PortErrorKind::Invalid, operation, subject, what.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(operation: &str, code: &str, status: u16) -> PortErrorKind {
        let mut error = CloudError::local(crate::kind_of(code, status), operation, "");
        error.code = (!code.is_empty()).then(|| code.to_owned());
        error.status = Some(status);
        kind_of(&error)
    }

    #[test]
    fn what_the_engine_decides_by_is_told_apart() {
        use PortErrorKind as K;
        for (operation, code, status, wanted) in [
            (
                "s3:PutObject",
                "PreconditionFailed",
                412,
                K::PreconditionFailed,
            ),
            ("s3:PutObject", "", 412, K::PreconditionFailed),
            ("s3:PutObject", "NoSuchKey", 404, K::PreconditionFailed),
            (
                "s3:PutObject",
                "ConditionalRequestConflict",
                409,
                K::Unavailable,
            ),
            ("s3:PutObject", "SlowDown", 503, K::Throttled),
            ("s3:GetObject", "NoSuchKey", 404, K::NotFound),
            ("s3:GetObject", "NoSuchVersion", 404, K::NotFound),
            ("s3:GetObject", "MethodNotAllowed", 405, K::NotFound),
            ("s3:GetObject", "NoSuchBucket", 404, K::Invalid),
            ("s3:HeadObject", "", 404, K::NotFound),
            ("s3:HeadObject", "NotFound", 404, K::NotFound),
            ("s3:GetObject", "AccessDenied", 403, K::Denied),
            (
                "dynamodb:PutItem",
                "ConditionalCheckFailedException",
                400,
                K::PreconditionFailed,
            ),
            (
                "dynamodb:Scan",
                "ProvisionedThroughputExceededException",
                400,
                K::Throttled,
            ),
            (
                "dynamodb:GetRecords",
                "TrimmedDataAccessException",
                400,
                K::Trimmed,
            ),
            (
                "dynamodb:GetRecords",
                "ExpiredIteratorException",
                400,
                K::Expired,
            ),
            (
                "dynamodb:GetRecords",
                "LimitExceededException",
                400,
                K::Throttled,
            ),
            (
                "dynamodb:GetShardIterator",
                "ResourceNotFoundException",
                400,
                K::NotFound,
            ),
            (
                "dynamodb:CreateTable",
                "ResourceInUseException",
                400,
                K::Conflict,
            ),
            ("dynamodb:PutItem", "ValidationException", 400, K::Invalid),
            (
                "dynamodb:PutItem",
                "InternalServerError",
                500,
                K::Unavailable,
            ),
        ] {
            assert_eq!(
                kind(operation, code, status),
                wanted,
                "{operation} {code} {status}"
            );
        }
    }
}
