use serde::{Deserialize, Serialize};

/// What kind of failure a call met. Decided once, in the adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortErrorKind {
    /// Too many calls; worth trying again after a pause.
    Throttled,
    /// No answer, a dropped connection or a 5xx; worth trying again.
    Unavailable,
    /// The credentials or a policy do not allow it.
    Denied,
    /// The object, version, table, shard or stream does not exist.
    NotFound,
    /// The condition of a conditional call does not hold.
    PreconditionFailed,
    /// The position in the stream is older than the stream keeps (`TrimmedDataAccessException`).
    Trimmed,
    /// The iterator is too old (`ExpiredIteratorException`): ask for a new one.
    Expired,
    /// AWS refuses the input.
    Invalid,
    /// The thing is there already, or in use.
    Conflict,
    /// The answer made no sense.
    Unexpected,
}

/// A failed call: what was tried on what, and what the service said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{operation} {subject}: {message}")]
pub struct PortError {
    /// What kind of failure.
    pub kind: PortErrorKind,
    /// Service and operation, for example `s3:GetObject`.
    pub operation: String,
    /// The object's name, the record's key, the shard or the table.
    pub subject: String,
    /// The service's error code, where it gave one.
    pub code: Option<String>,
    /// The service's message, or what went wrong on the way.
    pub message: String,
    /// The service's request id, where an answer came.
    pub request_id: Option<String>,
}

impl PortError {
    /// A failure without an answer from the service.
    pub fn new(
        kind: PortErrorKind,
        operation: impl Into<String>,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            operation: operation.into(),
            subject: subject.into(),
            code: None,
            message: message.into(),
            request_id: None,
        }
    }

    /// Whether the same call may succeed later without anyone changing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            PortErrorKind::Throttled | PortErrorKind::Unavailable
        )
    }
}
