//! What can go wrong in a use case, and what can go wrong in a store.

use tidemark_domain::{Check, Invalid};

use crate::ports::CloudError;

/// A store could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is there already, or changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// There is no such thing.
    #[error("{0} does not exist")]
    NotFound(String),
    /// A cursor or filter makes no sense.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A use case could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Unauthenticated,
    /// The caller may not.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or the caller may not know of it.
    #[error("{0} does not exist")]
    NotFound(String),
    /// It is there already, or changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// The input breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A check before the start forbids it.
    #[error("a check forbids it: {}", .0.iter().map(|c| c.detail.as_str()).collect::<Vec<_>>().join("; "))]
    Checks(Vec<Check>),
    /// The caller, or an account, has as many of it as it may have at once.
    #[error("{0}")]
    TooMany(String),
    /// AWS refused or failed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The store or the console itself failed; details are for the log only.
    #[error("internal failure")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => Self::Conflict(what),
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Invalid(invalid) => Self::Invalid(invalid),
            error @ StoreError::Database(_) => Self::Internal(Box::new(error)),
        }
    }
}
