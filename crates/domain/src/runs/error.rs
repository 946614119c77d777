//! Why a step failed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What can be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepErrorKind {
    /// May pass by itself: throttled, unavailable, a deadline. Tried again.
    Retryable,
    /// Will not pass by itself.
    Permanent,
    /// A permission is missing.
    Denied,
    /// The world is not as it was planned: a name is taken, a resource has changed.
    Conflict,
    /// The step stopped early because the run was asked to stop.
    Cancelled,
}

/// An error of a step, in words for the person who looks at the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct StepError {
    /// What can be done about it.
    pub kind: StepErrorKind,
    /// What failed, as a sentence.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    /// Fields to keep beside the message: AWS code, HTTP status, request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
}

impl StepError {
    /// An error of the given kind.
    pub fn new(kind: StepErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            guidance: None,
            detail: None,
        }
    }

    /// An error that may pass by itself.
    pub fn retryable(message: impl Into<String>) -> Self {
        Self::new(StepErrorKind::Retryable, message)
    }

    /// An error that will not pass by itself.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self::new(StepErrorKind::Permanent, message)
    }

    /// A missing permission.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(StepErrorKind::Denied, message)
    }

    /// The world is not as it was planned.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StepErrorKind::Conflict, message)
    }

    /// The step stopped because the run was asked to stop.
    pub fn cancelled() -> Self {
        Self::new(
            StepErrorKind::Cancelled,
            "The step stopped because the run was cancelled",
        )
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_guidance(mut self, guidance: impl Into<String>) -> Self {
        self.guidance = Some(guidance.into());
        self
    }

    /// Adds fields to keep beside the message.
    #[must_use]
    pub fn with_detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Whether trying again may help.
    pub fn is_retryable(&self) -> bool {
        self.kind == StepErrorKind::Retryable
    }
}
