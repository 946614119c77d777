use std::collections::VecDeque;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::Taker;
use crate::{
    DumpError, Format, Hashed, Inspector, Manifest, Packing, Refusal, content::Content,
    inspect::Hasher, unpack::Unpacker,
};

/// Pieces that wait to be checked.
pub(super) const WAITING: usize = 16;
/// Bytes of the end that are given only when everything is right.
const WITHHELD: usize = 1 << 20;

/// Checks what comes against the manifest while it passes.
pub(super) fn all(
    mut comes: mpsc::Receiver<Result<Bytes, ()>>,
    manifest: &Manifest,
    taker: Box<dyn Taker>,
) -> Result<(), DumpError> {
    let damaged = |what: String| DumpError::Damaged {
        key: manifest.key.clone(),
        what,
    };
    let refused = |refusal: Refusal| damaged(refusal.to_string());
    let ours = if manifest.came_packed {
        Packing::None
    } else {
        manifest.packing
    };
    let mut unpacker = Unpacker::of(ours).map_err(refused)?;
    let mut stored = Hasher::default();
    let mut passing = Passing::new(manifest, taker);
    while let Some(piece) = comes.blocking_recv() {
        // The other side has failed, and says why.
        let Ok(piece) = piece else { return Ok(()) };
        stored.update(&piece);
        let given = match &mut unpacker {
            None => passing.give(piece),
            Some(unpacker) => {
                let mut failed = Ok(());
                let done = unpacker.push(&piece, &mut |part| {
                    failed = passing.give(Bytes::copy_from_slice(part));
                    stop_on(&failed)
                });
                failed.and(done.map_err(refused))
            }
        };
        given?;
    }
    compare("stored", &stored.finish(), &manifest.stored).map_err(damaged)?;
    if let Some(unpacker) = unpacker {
        let mut failed = Ok(());
        let done = unpacker.finish(&mut |part| {
            failed = passing.give(Bytes::copy_from_slice(part));
            stop_on(&failed)
        });
        failed.and(done.map_err(refused))?;
    }
    passing.end(manifest)
}

/// Makes an unpacker stop where what it made could not be given on.
fn stop_on(given: &Result<(), DumpError>) -> Result<(), Refusal> {
    match given {
        Ok(()) => Ok(()),
        Err(error) => Err(Refusal {
            offset: 0,
            line: None,
            what: error.to_string(),
        }),
    }
}

fn compare(what: &str, found: &Hashed, wanted: &Hashed) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!(
        "as {what}, it has {} bytes with the SHA-256 {}, and its manifest says {} bytes with {}",
        found.bytes, found.sha256, wanted.bytes, wanted.sha256
    ))
}

/// The stream as it came, on its way to whoever takes it.
struct Passing {
    key: String,
    inspector: Inspector,
    taker: Box<dyn Taker>,
    withheld: VecDeque<Bytes>,
    bytes: usize,
}

impl Passing {
    fn new(manifest: &Manifest, taker: Box<dyn Taker>) -> Self {
        let format = match manifest.content {
            Content::Unread if manifest.unpacked.is_none() => Format::None,
            Content::Unread => Format::Auto,
            Content::Aerospike(_) | Content::Asbx(_) => Format::Aerospike,
            Content::Rdb(_) => Format::Rdb,
        };
        Self {
            key: manifest.key.clone(),
            inspector: Inspector::new(format),
            taker,
            withheld: VecDeque::new(),
            bytes: 0,
        }
    }

    fn damaged(&self, what: impl Into<String>) -> DumpError {
        DumpError::Damaged {
            key: self.key.clone(),
            what: what.into(),
        }
    }

    /// Gives on what is no longer near the end.
    fn give(&mut self, piece: Bytes) -> Result<(), DumpError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.inspector
            .push(&piece)
            .map_err(|refusal| self.damaged(refusal.to_string()))?;
        self.bytes += piece.len();
        self.withheld.push_back(piece);
        while let Some(first) = self.withheld.front()
            && self.bytes - first.len() >= WITHHELD
        {
            self.bytes -= first.len();
            if let Some(first) = self.withheld.pop_front() {
                self.take(&first)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, part: &[u8]) -> Result<(), DumpError> {
        self.taker.take(part).map_err(|error| {
            // What takes the stream has ended; how, it says itself.
            let ended = if error.kind() == std::io::ErrorKind::BrokenPipe {
                self.taker.end().err()
            } else {
                None
            };
            DumpError::Target(
                ended.unwrap_or_else(|| {
                    format!("the stream could not be written to its end: {error}")
                }),
            )
        })
    }

    /// Everything has come: compares it, and gives the end.
    fn end(mut self, manifest: &Manifest) -> Result<(), DumpError> {
        let inspector = std::mem::replace(&mut self.inspector, Inspector::new(Format::None));
        let found = inspector
            .finish()
            .map_err(|refusal| self.damaged(refusal.to_string()))?;
        compare("it came", &found.stream, &manifest.stream).map_err(|what| self.damaged(what))?;
        if found.unpacked != manifest.unpacked || found.content != manifest.content {
            return Err(self.damaged("it does not hold what its manifest says"));
        }
        for piece in std::mem::take(&mut self.withheld) {
            self.take(&piece)?;
        }
        self.taker.end().map_err(DumpError::Target)
    }
}
