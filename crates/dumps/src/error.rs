use crate::{Refusal, StoreError};

/// Why a dump could not be stored, brought back or listed.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// S3 refused or did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What came is not a whole stream of its format.
    #[error("the stream is refused: {0}")]
    Refused(#[from] Refusal),
    /// The stream could not be read to its end, or the command that gave it failed.
    #[error("{0}")]
    Source(String),
    /// Nothing came.
    #[error("nothing came: the stream is empty")]
    Empty,
    /// The name cannot be that of a dump.
    #[error("the key {key}: {what}")]
    Key {
        /// The name.
        key: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A dump has that name already.
    #[error("a dump is stored under {key} already; it is not replaced, choose another key")]
    Exists {
        /// Its name.
        key: String,
    },
    /// Something else has that name.
    #[error(
        "an object that is no dump is stored under {key}; it is not replaced, choose another key"
    )]
    Occupied {
        /// Its name.
        key: String,
    },
    /// There is no dump of that name.
    #[error(
        "no finished dump is stored under {key}: it has no manifest {key}{}",
        crate::manifest::SUFFIX
    )]
    Missing {
        /// The name that was asked for.
        key: String,
    },
    /// The manifest makes no sense.
    #[error("the manifest of {key} makes no sense: {what}")]
    Manifest {
        /// The dump's name.
        key: String,
        /// Why.
        what: String,
    },
    /// What is stored is not what was.
    #[error("{key} is damaged: {what}. The end of the stream was withheld")]
    Damaged {
        /// The dump's name.
        key: String,
        /// How that shows.
        what: String,
    },
    /// The stream could not be written, or the command that took it failed.
    #[error("{0}")]
    Target(String),
    /// Someone wanted it to stop.
    #[error("stopped before the end; nothing was kept")]
    Stopped,
    /// More than an upload takes.
    #[error("the dump is larger than an upload of 10,000 parts takes")]
    TooLarge,
    /// A thread of the process ended on its own.
    #[error("the process could not go on: {0}")]
    Process(String),
}
