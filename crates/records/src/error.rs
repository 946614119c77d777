use crate::{
    key::KeyError,
    ports::{PortError, StreamView},
    segment::SegmentError,
    wire::WireError,
};

/// Why an operation on a backup cannot go on. Every text names the object, key or table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// A call to the bucket, table, stream or checkpoints failed.
    #[error(transparent)]
    Port(#[from] PortError),
    /// There is no backup at that place.
    #[error("there is no backup: {bucket} has no object {index}")]
    NoBackup {
        /// The bucket.
        bucket: String,
        /// The index that should be there.
        index: String,
    },
    /// The index cannot be read.
    #[error("the index {index} cannot be read: {what}")]
    BadIndex {
        /// The object.
        index: String,
        /// What is wrong with it.
        what: String,
    },
    /// Too many others write the index at once.
    #[error(
        "the index {index} was changed by others each time that it was to be written; try again"
    )]
    Contended {
        /// The object.
        index: String,
    },
    /// An object of the backup cannot be read.
    #[error("{object} cannot be read: {what}")]
    BadObject {
        /// The object.
        object: String,
        /// What is wrong with it.
        what: String,
    },
    /// A record's text makes no sense.
    #[error("the record {key} cannot be read: {what}")]
    BadRecord {
        /// The key, or as much as is known of it.
        key: String,
        /// What is wrong with it.
        what: String,
    },
    /// The bucket keeps no versions.
    #[error(
        "the bucket {bucket} keeps no versions, so that a record's history would be lost: switch versioning on"
    )]
    NoVersions {
        /// The bucket.
        bucket: String,
    },
    /// The table has no stream.
    #[error("the table {table} has no stream: enable one with new images")]
    NoStream {
        /// The table.
        table: String,
    },
    /// The stream does not hold what records became.
    #[error(
        "the stream of {table} holds {}, not what records became: it must be NEW_IMAGE or NEW_AND_OLD_IMAGES",
        view.as_str()
    )]
    WrongView {
        /// The table.
        table: String,
        /// The stream's view type.
        view: StreamView,
    },
    /// The table's key is not the backup's.
    #[error("the key of the table {table} is {found}, the backup's is {wanted}")]
    KeyDiffers {
        /// The table.
        table: String,
        /// The table's key.
        found: String,
        /// The backup's key.
        wanted: String,
    },
    /// The backup lies there in another layout.
    #[error("{what}")]
    Refused {
        /// What, and why.
        what: String,
    },
    /// Compressing failed.
    #[error("a segment cannot be compressed: {0}")]
    Encode(String),
}

impl RecordsError {
    /// An object that cannot be read.
    pub(crate) fn object(object: impl Into<String>, what: impl ToString) -> Self {
        Self::BadObject {
            object: object.into(),
            what: what.to_string(),
        }
    }

    /// Something that is not done, and why.
    pub(crate) fn refused(what: impl Into<String>) -> Self {
        Self::Refused { what: what.into() }
    }

    /// Whether trying again later may help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Port(error) => error.is_retryable(),
            Self::Contended { .. } => true,
            _ => false,
        }
    }
}

/// A part of a backup that could not be read, while the rest went on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trouble {
    /// The object or key.
    pub subject: String,
    /// What is wrong with it.
    pub what: String,
}

impl Trouble {
    pub(crate) fn new(subject: impl Into<String>, what: impl ToString) -> Self {
        Self {
            subject: subject.into(),
            what: what.to_string(),
        }
    }

    pub(crate) fn key(key: &str, error: &KeyError) -> Self {
        Self::new(key, error)
    }

    pub(crate) fn wire(object: &str, error: &WireError) -> Self {
        Self::new(object, error)
    }

    pub(crate) fn segment(object: &str, error: &SegmentError) -> Self {
        Self::new(object, error)
    }
}
