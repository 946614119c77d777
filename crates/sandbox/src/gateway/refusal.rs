//! How each service words the refusals that come before an operation runs.

use awsim_core::{AwsError, Protocol, error::ErrorType};
use http::StatusCode;

/// Kinds of refusal that every service has, under its own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No signature.
    Unsigned,
    /// The access key id is unknown.
    UnknownKey,
    /// The session has expired.
    Expired,
    /// The session token does not belong to the access key.
    BadToken,
    /// A policy denies the action.
    Denied,
    /// Too many requests.
    Throttled,
    /// The service failed.
    Internal,
    /// The service is not there for a while.
    Unavailable,
}

/// The error with which `service` refuses.
pub(crate) fn refuse(service: &str, protocol: Protocol, kind: Refusal, message: &str) -> AwsError {
    let (status, code) = code_of(service, protocol, kind);
    AwsError {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        code: code.to_owned(),
        message: message.to_owned(),
        error_type: if status >= 500 {
            ErrorType::Receiver
        } else {
            ErrorType::Sender
        },
        extras: None,
    }
}

#[expect(
    clippy::match_same_arms,
    reason = "a table, with a row for each protocol's word"
)]
fn code_of(service: &str, protocol: Protocol, kind: Refusal) -> (u16, &'static str) {
    let json = protocol.is_json();
    let s3 = service == "s3";
    let ec2 = protocol == Protocol::Ec2Query;
    // awsJson answers client errors with 400, REST and Query with 403.
    let forbidden = if matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1) {
        400
    } else {
        403
    };
    match kind {
        Refusal::Unsigned if s3 => (403, "AccessDenied"),
        Refusal::Unsigned if json => (forbidden, "MissingAuthenticationTokenException"),
        Refusal::Unsigned if ec2 => (401, "AuthFailure"),
        Refusal::Unsigned => (403, "MissingAuthenticationToken"),
        Refusal::UnknownKey if s3 => (403, "InvalidAccessKeyId"),
        Refusal::UnknownKey if json => (forbidden, "UnrecognizedClientException"),
        Refusal::UnknownKey if ec2 => (401, "AuthFailure"),
        Refusal::UnknownKey => (403, "InvalidClientTokenId"),
        Refusal::Expired if s3 => (400, "ExpiredToken"),
        Refusal::Expired if json => (forbidden, "ExpiredTokenException"),
        Refusal::Expired if ec2 => (400, "RequestExpired"),
        Refusal::Expired => (403, "ExpiredToken"),
        Refusal::BadToken if s3 => (400, "InvalidToken"),
        Refusal::BadToken if json => (forbidden, "UnrecognizedClientException"),
        Refusal::BadToken if ec2 => (401, "AuthFailure"),
        Refusal::BadToken => (403, "InvalidClientTokenId"),
        Refusal::Denied if ec2 => (403, "UnauthorizedOperation"),
        Refusal::Denied if json => (forbidden, "AccessDeniedException"),
        Refusal::Denied => (403, "AccessDenied"),
        Refusal::Throttled if s3 => (503, "SlowDown"),
        Refusal::Throttled if ec2 => (503, "RequestLimitExceeded"),
        Refusal::Throttled if json => (400, "ThrottlingException"),
        Refusal::Throttled => (400, "Throttling"),
        Refusal::Internal if s3 || ec2 => (500, "InternalError"),
        Refusal::Internal if service == "dynamodb" => (500, "InternalServerError"),
        Refusal::Internal if json => (500, "InternalServerException"),
        Refusal::Internal => (500, "InternalFailure"),
        Refusal::Unavailable if ec2 => (503, "Unavailable"),
        Refusal::Unavailable if json => (503, "ServiceUnavailableException"),
        Refusal::Unavailable => (503, "ServiceUnavailable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_names_a_denial_its_own_way() {
        let code = |service, protocol| {
            let error = refuse(service, protocol, Refusal::Denied, "no");
            (error.status.as_u16(), error.code)
        };
        assert_eq!(
            code("dynamodb", Protocol::AwsJson1_0),
            (400, "AccessDeniedException".into())
        );
        assert_eq!(
            code("backup", Protocol::RestJson1),
            (403, "AccessDeniedException".into())
        );
        assert_eq!(code("s3", Protocol::RestXml), (403, "AccessDenied".into()));
        assert_eq!(
            code("ec2", Protocol::Ec2Query),
            (403, "UnauthorizedOperation".into())
        );
        assert_eq!(
            code("sts", Protocol::AwsQuery),
            (403, "AccessDenied".into())
        );
    }
}
