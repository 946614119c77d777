//! What a stream is packed with, and unpacking it piece by piece.

mod gzip;
mod zstd;

use serde::{Deserialize, Serialize};

use crate::Refusal;

/// What a stream is packed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Packing {
    /// Nothing.
    #[default]
    None,
    /// Gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Packing {
    /// Bytes by which it is known.
    pub(crate) const KNOWN_BY: usize = 4;

    /// What a stream that begins so is packed with.
    pub fn of(start: &[u8]) -> Self {
        if start.starts_with(&[0x1f, 0x8b, 8]) {
            Self::Gzip
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Unpacks a stream. What comes out is given on in pieces, none much larger than those that went in.
pub(crate) enum Unpacker {
    Gzip(Box<gzip::Gzip>),
    Zstd(Box<zstd::Zstd>),
}

/// What takes what was unpacked.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Refusal>;

impl Unpacker {
    /// The unpacker of a packing; none of none.
    pub(crate) fn of(packing: Packing) -> Result<Option<Self>, Refusal> {
        Ok(match packing {
            Packing::None => None,
            Packing::Gzip => Some(Self::Gzip(Box::default())),
            Packing::Zstd => Some(Self::Zstd(Box::new(zstd::Zstd::new()?))),
        })
    }

    pub(crate) fn push(&mut self, piece: &[u8], sink: Sink<'_>) -> Result<(), Refusal> {
        match self {
            Self::Gzip(gzip) => gzip.push(piece, sink),
            Self::Zstd(zstd) => zstd.push(piece, sink),
        }
    }

    pub(crate) fn finish(self, sink: Sink<'_>) -> Result<(), Refusal> {
        match self {
            Self::Gzip(gzip) => gzip.finish(sink),
            Self::Zstd(zstd) => zstd.finish(),
        }
    }
}

/// Bytes that are unpacked at once.
const ROOM: usize = 256 << 10;

fn refuse(packing: Packing, read: u64, what: impl std::fmt::Display) -> Refusal {
    Refusal {
        offset: read,
        line: None,
        what: format!("{} of the packed stream: {what}", packing.as_str()),
    }
}
