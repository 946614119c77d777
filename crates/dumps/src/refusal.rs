use std::fmt;

/// Why a stream is not what it should be, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// Bytes before the place, of the stream as it is when nothing packs it.
    pub offset: u64,
    /// The line from 1, of a format that has lines.
    pub line: Option<u64>,
    /// What is wrong there, in words.
    pub what: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "byte {}: {}", self.offset, self.what)
    }
}
