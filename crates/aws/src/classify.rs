//! What kind of failure an AWS call met: decided here and nowhere else.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use aws_types::request_id::RequestId as _;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

/// The kind that belongs to AWS's error code and HTTP status. The code decides where it is known;
/// services word the same refusal in many ways (`AccessDenied`, `UnauthorizedOperation`, …).
pub fn kind_of(code: &str, status: u16) -> CloudErrorKind {
    use CloudErrorKind as K;
    let code = code.strip_suffix("Exception").unwrap_or(code);
    let code = code.strip_suffix("Fault").unwrap_or(code);
    match code {
        "AccessDenied"
        | "AccessDeniedForDependency"
        | "AuthFailure"
        | "AuthorizationError"
        | "Forbidden"
        | "IncompleteSignature"
        | "InsufficientPrivileges"
        | "InvalidAccessKeyId"
        | "InvalidClientTokenId"
        | "InvalidSignature"
        | "InvalidToken"
        | "MissingAuthenticationToken"
        | "NotAuthorized"
        | "OptInRequired"
        | "SignatureDoesNotMatch"
        | "SubscriptionRequired"
        | "UnauthorizedOperation"
        | "UnrecognizedClient" => return K::Denied,
        "BandwidthLimitExceeded"
        | "EC2Throttled"
        | "PriorRequestNotComplete"
        | "ProvisionedThroughputExceeded"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "SlowDown"
        | "Throttled"
        | "Throttling"
        | "ThrottlingError"
        | "TooManyRequests" => {
            return K::Throttled;
        }
        // New ones are fetched, or the clock is set right: neither says that something is not allowed.
        "ExpiredToken" | "RequestExpired" => return K::Unavailable,
        // A table's backups are not set up yet in its first seconds.
        "ContinuousBackupsUnavailable"
        | "InternalError"
        | "InternalFailure"
        | "InternalServer"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "Unavailable"
        | "InternalService" => {
            return K::Unavailable;
        }
        "ConcurrentModification"
        | "Conflict"
        | "DependencyViolation"
        | "IncorrectState"
        | "InvalidResourceState"
        | "OperationAborted"
        | "ResourceInUse"
        | "TableInUse"
        | "BackupInUse"
        | "VolumeInUse"
        | "IncorrectInstanceState"
        | "BucketAlreadyOwnedByYou"
        | "IdempotentParameterMismatch" => return K::Conflict,
        "RequestTimeout" | "RequestTimeoutException" => return K::Timeout,
        "NoSuchEntity" => return K::NotFound,
        _ => {}
    }
    if code.ends_with("AlreadyExists") || code.ends_with("Duplicate") {
        return K::Conflict;
    }
    if code.contains("NotFound") || code.starts_with("NoSuch") {
        return K::NotFound;
    }
    if code.contains("LimitExceeded") || code.contains("QuotaExceeded") {
        return K::LimitExceeded;
    }
    // An answer without a code is not the service's own: a proxy's, or that of a wrong address. Its
    // 404 must not be taken for a table that is gone.
    if code.is_empty() && matches!(status, 400 | 402 | 404..=407 | 409..=428) {
        return K::Unexpected;
    }
    match status {
        401 | 403 => K::Denied,
        404 => K::NotFound,
        408 => K::Timeout,
        409 => K::Conflict,
        429 => K::Throttled,
        400..=499 => K::Invalid,
        500.. => K::Unavailable,
        _ => K::Unexpected,
    }
}

/// Turns an SDK's error into the port's, with everything that AWS said.
pub(crate) fn classify<E>(
    operation: Call,
    endpoint: &str,
    error: SdkError<E, HttpResponse>,
) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let mut classified = match &error {
        SdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            let code = context.err().code();
            let mut answer = CloudError::local(
                kind_of(code.unwrap_or_default(), status),
                operation,
                context
                    .err()
                    .message()
                    .or(code)
                    .map_or_else(|| format!("the answer has status {status}"), str::to_owned),
            );
            answer.code = code.map(str::to_owned);
            answer
        }
        _ if let Some(kind) = credentials_error(&error) => CloudError::local(
            kind,
            operation,
            format!(
                "no credentials could be loaded: {}",
                DisplayErrorContext(&error)
            ),
        ),
        SdkError::TimeoutError(_) => timed_out(operation, endpoint),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            timed_out(operation, endpoint)
        }
        SdkError::DispatchFailure(failure) => {
            let why = failure
                .as_connector_error()
                .map(|e| DisplayErrorContext(e).to_string())
                .unwrap_or_default();
            CloudError::local(
                CloudErrorKind::Unavailable,
                operation,
                format!("{endpoint} cannot be reached: {why}"),
            )
        }
        SdkError::ResponseError(context) => {
            let status = context.raw().status().as_u16();
            let kind = if status >= 500 {
                CloudErrorKind::Unavailable
            } else {
                CloudErrorKind::Unexpected
            };
            let message = format!(
                "{endpoint} answered with something that is not an answer to this call (status {status})"
            );
            CloudError::local(kind, operation, message)
        }
        other => CloudError::local(
            CloudErrorKind::Invalid,
            operation,
            format!("the call could not be made: {}", DisplayErrorContext(other)),
        ),
    };
    classified.status = error.raw_response().map(|r| r.status().as_u16());
    classified.request_id = error.request_id().map(str::to_owned);
    classified
}

fn timed_out(operation: Call, endpoint: &str) -> CloudError {
    CloudError::local(
        CloudErrorKind::Timeout,
        operation,
        format!("{endpoint} did not answer within the deadline"),
    )
}

/// What it means that credentials could not be loaded: a source that does not answer may do so later,
/// one that has none will not.
fn credentials_error(error: &(dyn std::error::Error + 'static)) -> Option<CloudErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<CredentialsError>() {
            return Some(match error {
                CredentialsError::ProviderTimedOut(_) | CredentialsError::ProviderError(_) => {
                    CloudErrorKind::Unavailable
                }
                _ => CloudErrorKind::Denied,
            });
        }
        next = error.source();
    }
    None
}

/// Whether AWS says that the credentials have expired.
pub(crate) fn is_expired(error: &CloudError) -> bool {
    matches!(
        error.code.as_deref(),
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_all_services_fall_into_their_kinds() {
        use CloudErrorKind as K;
        for (code, status, kind) in [
            ("AccessDeniedException", 400, K::Denied),
            ("AccessDenied", 403, K::Denied),
            ("UnauthorizedOperation", 403, K::Denied),
            ("ExpiredToken", 400, K::Unavailable),
            ("ExpiredTokenException", 403, K::Unavailable),
            ("ThrottlingException", 400, K::Throttled),
            ("Throttling", 400, K::Throttled),
            ("SlowDown", 503, K::Throttled),
            ("RequestLimitExceeded", 503, K::Throttled),
            ("ProvisionedThroughputExceededException", 400, K::Throttled),
            ("ResourceNotFoundException", 400, K::NotFound),
            ("InvalidVolume.NotFound", 400, K::NotFound),
            ("DBInstanceNotFoundFault", 404, K::NotFound),
            ("NoSuchEntity", 404, K::NotFound),
            ("NoSuchTagSet", 404, K::NotFound),
            ("TableAlreadyExistsException", 400, K::Conflict),
            ("ResourceInUseException", 400, K::Conflict),
            ("AlreadyExistsException", 400, K::Conflict),
            ("LimitExceededException", 400, K::LimitExceeded),
            ("ServiceQuotaExceededException", 402, K::LimitExceeded),
            ("ValidationException", 400, K::Invalid),
            ("InvalidParameterValueException", 400, K::Invalid),
            ("InvalidRestoreTimeException", 400, K::Invalid),
            ("InternalServerError", 500, K::Unavailable),
            ("ServiceUnavailable", 503, K::Unavailable),
            ("", 502, K::Unavailable),
            ("", 404, K::Unexpected),
            ("", 403, K::Denied),
            ("", 429, K::Throttled),
            ("Whatever", 418, K::Invalid),
        ] {
            assert_eq!(kind_of(code, status), kind, "{code} {status}");
        }
    }
}
