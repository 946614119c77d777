//! Why a store refused or failed.

use tidemark_domain::runs::RunId;

/// An error of a [`super::RunStore`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The writer is not, or no longer, the one that may append; it must stop.
    #[error("run {0} has moved on: another worker holds it, its log has grown, or it has ended")]
    Fenced(RunId),
    /// There is no such run.
    #[error("there is no run {0}")]
    NotFound(RunId),
    /// The call makes no sense, such as events whose numbers have a gap.
    #[error("the store was asked for something malformed: {0}")]
    Invalid(String),
    /// The store could not be reached or was too busy; trying again may help.
    #[error("the store of runs is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the store holds cannot be read.
    #[error("the store of runs holds something unreadable")]
    Corrupt(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Wraps an error that may pass.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// Wraps an error about stored data.
    pub fn corrupt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Corrupt(source.into())
    }
}
