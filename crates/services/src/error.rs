//! What can go wrong in a use case, and what can go wrong in a store.

use tidemark_domain::{Check, Invalid};

use crate::ports::CloudError;

/// Why the database cannot be worked with for now. Each passes by itself, or once somebody has seen to it; nothing is wrong
/// with what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Nothing answers at its address.
    Unreachable,
    /// It is stopping, starting, or not running.
    Restarting,
    /// It takes no more connections.
    ConnectionLimit,
    /// What is needed for it is in use: connections, or rows that another transaction holds.
    Busy,
    /// It did not answer in time.
    TimedOut,
    /// Its disk is full.
    DiskFull,
    /// Its disk fails.
    InputOutput,
    /// It has no memory left.
    Memory,
    /// It can be read only.
    ReadOnly,
}

impl std::fmt::Display for Outage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the database cannot be reached",
            Self::Restarting => "the database is not running, or is just starting",
            Self::ConnectionLimit => "the database takes no more connections",
            Self::Busy => "the database is too busy: what is needed is in use",
            Self::TimedOut => "the database did not answer in time",
            Self::DiskFull => "the database's disk is full",
            Self::InputOutput => "the database's disk cannot be read or written",
            Self::Memory => "the database has no memory left",
            Self::ReadOnly => "the database can be read only",
        })
    }
}

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
    /// The database cannot be worked with for now.
    #[error("{outage}")]
    Unavailable {
        /// Why, in words for people.
        outage: Outage,
        /// What it reported; for the log only.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
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
    /// The console's database cannot be worked with for now.
    #[error("{outage}")]
    Unavailable {
        /// Why, in words for people.
        outage: Outage,
        /// What it reported; for the log only.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The console has as much of this to do as it takes on.
    #[error("{0}")]
    Overloaded(String),
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
            StoreError::Unavailable { outage, source } => Self::Unavailable { outage, source },
            error @ StoreError::Database(_) => Self::Internal(Box::new(error)),
        }
    }
}
