use std::{
    io::Write as _,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use tokio::sync::mpsc;

use super::{
    PutRequest,
    source::{Giver, fill},
};
use crate::{DumpError, Format, Hashed, Inspected, Inspector, Packing, inspect::Hasher};

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;
/// Pieces that wait for the next step.
const WAITING: usize = 8;
/// As hard as `zstd` packs by itself.
const ZSTD_LEVEL: i32 = 3;

/// What comes to be stored.
pub(super) enum Out {
    Stored(Bytes),
    End(Box<Streamed>),
    Failed(DumpError),
}

/// A stream that has passed.
pub(super) struct Streamed {
    pub(super) inspected: Inspected,
    pub(super) packed_by_us: Packing,
    pub(super) stored: Hashed,
}

enum Step {
    PackWith(Packing),
    Piece(Bytes),
    End(Box<Inspected>),
    Failed(DumpError),
}

/// Starts the two threads that a stream passes: one reads, inspects and hashes it, the other packs it and hashes what comes
/// out. Both end when nobody takes what they make.
pub(super) fn start(
    request: &PutRequest,
    giver: Box<dyn Giver>,
) -> Result<mpsc::Receiver<Out>, DumpError> {
    let (steps, packed) = sync_channel(WAITING);
    let (out, stored) = mpsc::channel(WAITING);
    let (format, packing) = (request.format, request.packing);
    spawn("dump-read", move || read(giver, format, packing, &steps))?;
    spawn("dump-pack", move || {
        if let Err(error) = pack(&packed, &out) {
            let _ = out.blocking_send(Out::Failed(error));
        }
    })?;
    Ok(stored)
}

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), DumpError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map(|_| ())
        .map_err(|error| DumpError::Process(error.to_string()))
}

fn read(
    mut giver: Box<dyn Giver>,
    format: Format,
    packing: Option<Packing>,
    steps: &SyncSender<Step>,
) {
    let last = match read_all(&mut *giver, format, packing, steps) {
        Ok(Some(inspected)) => Step::End(Box::new(inspected)),
        // Nobody takes it any more.
        Ok(None) => return,
        Err(error) => Step::Failed(error),
    };
    let _ = steps.send(last);
}

fn read_all(
    giver: &mut dyn Giver,
    format: Format,
    packing: Option<Packing>,
    steps: &SyncSender<Step>,
) -> Result<Option<Inspected>, DumpError> {
    let mut inspector = Inspector::new(format);
    let mut begun = false;
    loop {
        let mut room = vec![0; PIECE];
        let filled = fill(giver, &mut room)
            .map_err(|error| DumpError::Source(format!("the stream cannot be read: {error}")))?;
        room.truncate(filled);
        let piece = Bytes::from(room);
        // A command that failed says more than what its stream lacks.
        if let Err(refusal) = inspector.push(&piece) {
            if filled < PIECE {
                giver.end().map_err(DumpError::Source)?;
            }
            return Err(refusal.into());
        }
        if !begun {
            begun = true;
            let comes = Packing::of(&piece);
            let chosen = packing.unwrap_or(match comes {
                Packing::None => Packing::Zstd,
                _ => Packing::None,
            });
            if steps.send(Step::PackWith(chosen)).is_err() {
                return Ok(None);
            }
        }
        if filled > 0 && steps.send(Step::Piece(piece)).is_err() {
            return Ok(None);
        }
        if filled < PIECE {
            break;
        }
    }
    giver.end().map_err(DumpError::Source)?;
    if inspector.bytes() == 0 {
        return Err(DumpError::Empty);
    }
    Ok(Some(inspector.finish()?))
}

enum Packer {
    None(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Packer {
    fn new(packing: Packing) -> std::io::Result<Self> {
        Ok(match packing {
            Packing::None => Self::None(Vec::new()),
            Packing::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::default())),
            Packing::Zstd => {
                let mut encoder = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Packs a piece; what has come out by now.
    fn push(&mut self, piece: &[u8]) -> std::io::Result<Vec<u8>> {
        Ok(std::mem::take(match self {
            Self::None(out) => {
                out.write_all(piece)?;
                out
            }
            Self::Gzip(encoder) => {
                encoder.write_all(piece)?;
                encoder.get_mut()
            }
            Self::Zstd(encoder) => {
                encoder.write_all(piece)?;
                encoder.get_mut()
            }
        }))
    }

    fn finish(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::None(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

fn pack(steps: &Receiver<Step>, out: &mpsc::Sender<Out>) -> Result<(), DumpError> {
    let wrong = |error: std::io::Error| DumpError::Process(error.to_string());
    let mut packing = Packing::None;
    let mut packer = Packer::new(packing).map_err(wrong)?;
    let mut hasher = Hasher::default();
    let mut give = |made: Vec<u8>| {
        hasher.update(&made);
        made.is_empty() || out.blocking_send(Out::Stored(made.into())).is_ok()
    };
    while let Ok(step) = steps.recv() {
        match step {
            Step::PackWith(chosen) => {
                packing = chosen;
                packer = Packer::new(chosen).map_err(wrong)?;
            }
            Step::Piece(piece) => {
                if !give(packer.push(&piece).map_err(wrong)?) {
                    return Ok(());
                }
            }
            Step::End(inspected) => {
                if !give(packer.finish().map_err(wrong)?) {
                    return Ok(());
                }
                let streamed = Streamed {
                    inspected: *inspected,
                    packed_by_us: packing,
                    stored: hasher.finish(),
                };
                let _ = out.blocking_send(Out::End(Box::new(streamed)));
                return Ok(());
            }
            Step::Failed(error) => return Err(error),
        }
    }
    Ok(())
}
