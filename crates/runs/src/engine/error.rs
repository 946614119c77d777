//! Why the engine refuses.

use tidemark_domain::runs::{RunId, RunState};

use crate::{ParamsError, StoreError};

/// An error of an [`crate::Engine`]'s operation.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No kind of that name is known here.
    #[error("there is no kind of run called {0:?}")]
    UnknownKind(String),
    /// The parameters make no run.
    #[error("the parameters make no run: {0}")]
    Params(#[from] ParamsError),
    /// There is no such run.
    #[error("there is no run {0}")]
    NotFound(RunId),
    /// The creator has used the idempotency key for something else.
    #[error("the idempotency key was used for another request: run {0}")]
    KeyReused(RunId),
    /// The run is not in the state that the operation needs.
    #[error("run {run} is {state}")]
    WrongState {
        /// The run.
        run: RunId,
        /// Its state.
        state: RunState,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(run) => Self::NotFound(run),
            other => Self::Store(other),
        }
    }
}
