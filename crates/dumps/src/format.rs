use std::fmt;

use bytes::Bytes;

use crate::{
    Refusal,
    aerospike::{asbx, text},
    content::Content,
    rdb,
    source::Pushed,
};

/// Bytes by which a format is known: the header of ASBX.
pub(crate) const KNOWN_BY: usize = asbx::HEADER;

/// How a stream is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As what its beginning says it is, and not at all where that says nothing.
    #[default]
    Auto,
    /// As a backup of Aerospike.
    Aerospike,
    /// As a snapshot of Redis or Valkey.
    Rdb,
    /// Not at all.
    None,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Aerospike => "aerospike",
            Self::Rdb => "rdb",
            Self::None => "none",
        })
    }
}

/// A reader of one format.
pub(crate) enum Reader {
    Known(Box<Pushed<Content>>),
    Unread,
}

impl Reader {
    /// The reader for a stream that begins so.
    pub(crate) fn of(format: Format, start: &[u8]) -> Self {
        let is_rdb = start.starts_with(b"REDIS") || start.starts_with(b"VALKEY");
        let parsed = match format {
            Format::None => return Self::Unread,
            Format::Aerospike | Format::Auto if asbx::is_header(start) => Pushed::new(asbx::parse),
            Format::Aerospike => Pushed::new(text::parse),
            Format::Auto if start.starts_with(b"Version ") => Pushed::new(text::parse),
            Format::Auto if !is_rdb => return Self::Unread,
            Format::Auto | Format::Rdb => Pushed::new(rdb::parse),
        };
        Self::Known(Box::new(parsed))
    }

    pub(crate) fn push(&mut self, piece: Bytes) -> Result<(), Refusal> {
        match self {
            Self::Known(parser) => parser.push(piece),
            Self::Unread => Ok(()),
        }
    }

    pub(crate) fn finish(self) -> Result<Content, Refusal> {
        match self {
            Self::Known(parser) => parser.finish(),
            Self::Unread => Ok(Content::Unread),
        }
    }
}
