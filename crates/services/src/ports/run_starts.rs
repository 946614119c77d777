use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::runs::{Run, RunId};
use tidemark_runs::NewRun;

use crate::{audit::AuditEntry, error::StoreError};

/// By what a run is told from others like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunKeys {
    /// The same for every repeat of the same wish of the same person.
    pub repeat: String,
    /// A run under that key that was created later than this and did not fail is the same wish, even
    /// if it has ended: a form that is sent twice.
    pub repeat_since: Timestamp,
    /// What only one unfinished run may work on, as stable texts.
    pub targets: Vec<String>,
}

/// What came of asking for a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStarted {
    /// It was written, and its audit entry with it.
    New(Box<Run>),
    /// It was asked for before: nothing was written.
    Repeat(RunId),
    /// Another unfinished run works on a target: nothing was written.
    Taken {
        /// The target.
        target: String,
        /// That run.
        run: RunId,
    },
}

/// Where runs begin: run, keys and audit entry are written in one transaction, so that nothing
/// changes in AWS that is not in the log, and a repeat, however quick, is one run.
#[async_trait]
pub trait RunStarts: Send + Sync {
    /// The run that the same wish has, if it is being fulfilled or was a moment ago.
    async fn repeated(&self, keys: &RunKeys) -> Result<Option<RunId>, StoreError>;

    /// Writes the run with its audit entry, unless it is a repeat or a target is taken.
    async fn start(
        &self,
        new: &NewRun,
        keys: &RunKeys,
        entry: &AuditEntry,
    ) -> Result<RunStarted, StoreError>;
}
