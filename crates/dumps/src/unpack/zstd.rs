use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation as _, OutBuffer};

use super::{Packing, ROOM, Sink, refuse};
use crate::Refusal;

/// The largest window that is unpacked, as its logarithm: 64 MiB must be kept for it.
const WINDOW: u32 = 26;

pub(crate) struct Zstd {
    decoder: Decoder<'static>,
    room: Vec<u8>,
    read: u64,
    /// Whether a frame has begun and not ended.
    open: bool,
}

impl Zstd {
    pub(super) fn new() -> Result<Self, Refusal> {
        let mut decoder = Decoder::new().map_err(|error| refuse(Packing::Zstd, 0, error))?;
        decoder
            .set_parameter(DParameter::WindowLogMax(WINDOW))
            .map_err(|error| refuse(Packing::Zstd, 0, error))?;
        Ok(Self {
            decoder,
            room: vec![0; ROOM],
            read: 0,
            open: false,
        })
    }

    pub(super) fn push(&mut self, piece: &[u8], sink: Sink<'_>) -> Result<(), Refusal> {
        let mut input = InBuffer::around(piece);
        loop {
            let before = input.pos();
            if before < piece.len() && !self.open {
                // The next frame begins.
                self.decoder
                    .reinit()
                    .map_err(|error| refuse(Packing::Zstd, self.read, error))?;
                self.open = true;
            }
            let mut output = OutBuffer::around(&mut self.room[..]);
            let hint = self
                .decoder
                .run(&mut input, &mut output)
                .map_err(|error| refuse(Packing::Zstd, self.read, error))?;
            let made = output.pos();
            self.read += u64::try_from(input.pos() - before).unwrap_or_default();
            sink(&self.room[..made])?;
            if hint == 0 {
                self.open = false;
            }
            let full = made == ROOM;
            if input.pos() == piece.len() && !(full && self.open) {
                return Ok(());
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.open {
            return Err(refuse(Packing::Zstd, self.read, "it ends inside a frame"));
        }
        Ok(())
    }
}
