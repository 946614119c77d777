//! Formats are read as they are, whole or in pieces, and refused where they are cut off or damaged.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "generators take the low bits of numbers"
)]

mod aerospike;
mod asbx;
mod packed;
mod rdb;
mod real;
mod round;

use bytes::Bytes;
use tidemark_dumps::{Format, Inspected, Inspector, Refusal};

/// Reads a stream in pieces of this size.
fn in_pieces(stream: &[u8], format: Format, size: usize) -> Result<Inspected, Refusal> {
    let mut inspector = Inspector::new(format);
    for piece in stream.chunks(size.max(1)) {
        inspector.push(&Bytes::copy_from_slice(piece))?;
    }
    inspector.finish()
}

/// Reads a stream at once and byte by byte, which must come to the same.
fn read(stream: &[u8], format: Format) -> Result<Inspected, Refusal> {
    let whole = in_pieces(stream, format, stream.len());
    assert_eq!(whole, in_pieces(stream, format, 1));
    whole
}
