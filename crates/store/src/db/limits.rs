use std::time::Duration;

/// How a store works with its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// Connections to PostgreSQL that this process opens at most, and at least one.
    pub connections: u32,
    /// How long PostgreSQL may take for one statement. What else has a limit follows from it: see
    /// `Limits`.
    pub patience: Duration,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            connections: 8,
            patience: Duration::from_secs(20),
        }
    }
}

/// How long what may take, until it counts as failed. A peer that is gone without a word would
/// otherwise be waited for without end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A statement; none when nothing but this machine can hold it up.
    pub(crate) statement: Option<Duration>,
    /// Waiting for a connection that others use.
    pub(crate) wait: Option<Duration>,
    /// Trying again where the database does not let us in, while this process has no connection.
    pub(crate) refused: Duration,
    /// Making a connection.
    pub(crate) connect: Option<Duration>,
    /// Asking a connection whether it lives.
    pub(crate) ping: Duration,
    /// A connection that was used so lately is taken to be alive without asking.
    pub(crate) trusted: Duration,
    /// A connection that nobody has used for so long is closed; none keeps it.
    pub(crate) idle: Option<Duration>,
}

impl Limits {
    /// A file: nothing answers late but the disk, and writers queue up behind each other.
    pub(crate) fn file() -> Self {
        Self {
            statement: None,
            wait: Some(Duration::from_secs(30)),
            refused: Duration::from_secs(10),
            connect: None,
            ping: Duration::from_secs(2),
            trusted: Duration::MAX,
            idle: None,
        }
    }

    /// Memory of this process: nothing is late.
    pub(crate) fn memory() -> Self {
        Self {
            wait: None,
            ..Self::file()
        }
    }

    /// A server. It gives a statement up by itself first: then the connection stays good.
    pub(crate) fn server(patience: Duration) -> Self {
        let parts = |n: u32| (patience / n).max(Duration::from_millis(100));
        Self {
            statement: Some(patience + parts(10)),
            wait: Some(parts(2)),
            refused: parts(20),
            connect: Some(parts(4)),
            ping: parts(10),
            trusted: Duration::from_secs(2),
            idle: Some(Duration::from_mins(1)),
        }
    }
}
