use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::write_line;
use crate::event::Event;

/// Lines of one frame, before compression.
const BLOCK_BYTES: usize = 256 << 10;
const LEVEL: i32 = 3;
/// Version of the segment's form, in its header.
const FORM: u32 = 1;

/// A segment ready to be written.
#[derive(Clone, Debug)]
pub struct EncodedSegment {
    /// Its bytes.
    pub body: Bytes,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
    /// Changes in it.
    pub events: u64,
    /// Time of its oldest change, in milliseconds since 1970.
    pub first: i64,
    /// Time of its newest change, in milliseconds since 1970.
    pub last: i64,
    /// Text of its first key.
    pub min_key: String,
    /// Text of its last key.
    pub max_key: String,
}

/// Sorts the changes of `table` by key and moment, drops repetitions and encodes them. None when
/// there are none. Equal changes give equal bytes, in whichever order they come.
pub fn encode_segment(
    table: &str,
    mut events: Vec<Event>,
) -> std::io::Result<Option<EncodedSegment>> {
    events.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| a.moment.cmp(&b.moment)));
    events.dedup_by(|a, b| a.moment == b.moment && a.key == b.key);
    let (Some(min), Some(max)) = (events.first(), events.last()) else {
        return Ok(None);
    };
    let (min_key, max_key) = (min.key.to_string(), max.key.to_string());
    let header = serde_json::json!({
        "tidemark": "segment", "version": FORM, "table": table, "events": events.len(),
    });
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    let mut block = header.to_string().into_bytes();
    block.push(b'\n');
    let mut body = Vec::new();
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    for event in &events {
        first = first.min(event.moment.at);
        last = last.max(event.moment.at);
        write_line(&mut block, event);
        if block.len() >= BLOCK_BYTES {
            body.extend_from_slice(&compressor.compress(&block)?);
            block.clear();
        }
    }
    if !block.is_empty() {
        body.extend_from_slice(&compressor.compress(&block)?);
    }
    Ok(Some(EncodedSegment {
        sha256: hex::encode(Sha256::digest(&body)),
        body: body.into(),
        events: u64::try_from(events.len()).unwrap_or(u64::MAX),
        first,
        last,
        min_key,
        max_key,
    }))
}
