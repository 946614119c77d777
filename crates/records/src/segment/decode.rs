use bytes::{Buf, Bytes};
use sha2::{Digest, Sha256};

use super::read_line;
use crate::event::Event;

/// The longest frame, decompressed: a block and one item of the greatest size, with room to spare.
const MAX_BLOCK_BYTES: u64 = 32 << 20;

/// A segment that cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the segment is damaged: {0}")]
pub struct SegmentError(pub String);

/// Reads a segment change by change; one frame is in memory at a time.
#[derive(Debug)]
pub struct SegmentReader {
    rest: Bytes,
    block: Bytes,
    header_read: bool,
    announced: u64,
    read: u64,
    failed: bool,
    respelled: bool,
}

impl SegmentReader {
    /// A reader of a segment's bytes. See [`SegmentReader::matches`] for the checksum.
    pub fn new(body: Bytes) -> Self {
        Self {
            rest: body,
            block: Bytes::new(),
            header_read: false,
            announced: 0,
            read: 0,
            failed: false,
            respelled: false,
        }
    }

    /// Whether the bytes have the SHA-256 (hexadecimal) of the segment's name.
    pub fn matches(body: &[u8], sha256: &str) -> bool {
        hex::encode(Sha256::digest(body)) == sha256
    }

    /// The next change; none at the end. After an error there is nothing more.
    pub fn next_event(&mut self) -> Result<Option<Event>, SegmentError> {
        if self.failed {
            return Ok(None);
        }
        let event = self.step();
        self.failed = event.is_err();
        event
    }

    /// The last change's key had a number in another spelling than it has now, so that the change
    /// stood in another place than its key has.
    pub(crate) fn was_respelled(&self) -> bool {
        self.respelled
    }

    fn step(&mut self) -> Result<Option<Event>, SegmentError> {
        loop {
            if self.block.is_empty() {
                if self.rest.is_empty() {
                    if self.read != self.announced || !self.header_read {
                        return Err(SegmentError(format!(
                            "it ends after {} of {} changes",
                            self.read, self.announced
                        )));
                    }
                    return Ok(None);
                }
                self.block = self.frame()?;
            }
            let end = self
                .block
                .iter()
                .position(|&byte| byte == b'\n')
                .ok_or_else(|| SegmentError("a line without an end".to_owned()))?;
            let line = self.block.split_to(end);
            self.block.advance(1);
            if self.header_read {
                self.read += 1;
                let (event, respelled) = read_line(&line)
                    .ok_or_else(|| SegmentError(format!("change {} makes no sense", self.read)))?;
                self.respelled = respelled;
                return Ok(Some(event));
            }
            self.announced = announced(&line)?;
            self.header_read = true;
        }
    }

    fn frame(&mut self) -> Result<Bytes, SegmentError> {
        let size = zstd::zstd_safe::find_frame_compressed_size(&self.rest)
            .map_err(|code| SegmentError(zstd::zstd_safe::get_error_name(code).to_owned()))?;
        let content = zstd::zstd_safe::get_frame_content_size(&self.rest)
            .ok()
            .flatten()
            .filter(|&content| content <= MAX_BLOCK_BYTES)
            .and_then(|content| usize::try_from(content).ok())
            .ok_or_else(|| SegmentError("a frame without a sensible size".to_owned()))?;
        let frame = self.rest.split_to(size.min(self.rest.len()));
        zstd::bulk::decompress(&frame, content)
            .map(Bytes::from)
            .map_err(|error| SegmentError(error.to_string()))
    }
}

fn announced(line: &[u8]) -> Result<u64, SegmentError> {
    let header: serde_json::Value = serde_json::from_slice(line)
        .map_err(|_| SegmentError("its header makes no sense".to_owned()))?;
    if header["tidemark"] != "segment" {
        return Err(SegmentError("it has no header of a segment".to_owned()));
    }
    if header["version"] != 1 {
        return Err(SegmentError(format!(
            "it has version {}, which this release cannot read",
            header["version"]
        )));
    }
    header["events"]
        .as_u64()
        .ok_or_else(|| SegmentError("its header has no count".to_owned()))
}
