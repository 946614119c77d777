//! Segments: immutable batches of changes, sorted by key, compressed and checksummed.
//!
//! A segment is a series of zstd frames, each of whole lines of JSON, so that `zstdcat` reads it:
//! a header line, then one line per change sorted by key and moment, for example
//! `{"k":{"id":{"S":"a"}},"t":1800000000000,"o":"stream","s":"101","v":{"id":{"S":"a"}}}`, where
//! `v` is `null` for a deletion. Its name ends in the SHA-256 of its bytes, so that writing it
//! again changes nothing and any reader can check it.

mod decode;
mod encode;
mod line;
mod write;

pub use decode::{SegmentError, SegmentReader};
pub use encode::{EncodedSegment, encode_segment};
pub(crate) use line::{read_line, write_line};
pub(crate) use write::put_once;
pub use write::write_segment;

#[cfg(test)]
mod tests;
