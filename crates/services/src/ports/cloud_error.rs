use serde::{Deserialize, Serialize};

/// What kind of failure an AWS call met. Decided once, in the adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloudErrorKind {
    /// The credentials, the role or a policy does not allow it.
    Denied,
    /// Too many calls; worth trying again later.
    Throttled,
    /// The thing named does not exist.
    NotFound,
    /// The thing is there already, in use, or changed meanwhile.
    Conflict,
    /// AWS refuses the input.
    Invalid,
    /// A quota is used up.
    LimitExceeded,
    /// The endpoint cannot be reached, or answers with a 5xx; worth trying again.
    Unavailable,
    /// No answer within the deadline; worth trying again.
    Timeout,
    /// The answer made no sense.
    Unexpected,
}

/// A failed AWS call, with everything that AWS said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{operation}: {message}")]
pub struct CloudError {
    /// What kind of failure.
    pub kind: CloudErrorKind,
    /// Service and operation, for example `dynamodb:RestoreTableToPointInTime`.
    pub operation: String,
    /// AWS's error code.
    pub code: Option<String>,
    /// AWS's message, or what went wrong on the way.
    pub message: String,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// AWS's request id, where an answer came.
    pub request_id: Option<String>,
}

impl CloudError {
    /// A failure without an answer from AWS.
    pub fn local(
        kind: CloudErrorKind,
        operation: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            operation: operation.into(),
            code: None,
            message: message.into(),
            status: None,
            request_id: None,
        }
    }

    /// Whether the same call may succeed later without anyone changing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            CloudErrorKind::Throttled | CloudErrorKind::Unavailable | CloudErrorKind::Timeout
        )
    }
}
