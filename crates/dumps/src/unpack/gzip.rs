use std::io::Write as _;

use flate2::write::GzDecoder;

use super::{Packing, ROOM, Sink, refuse};
use crate::Refusal;

/// What is given to the decoder at once: it may become a thousand times as much.
const STEP: usize = 4 << 10;

#[derive(Default)]
pub(crate) struct Gzip {
    member: Option<GzDecoder<Vec<u8>>>,
    read: u64,
}

impl Gzip {
    pub(super) fn push(&mut self, piece: &[u8], sink: Sink<'_>) -> Result<(), Refusal> {
        let mut left = piece;
        while !left.is_empty() {
            let member = self
                .member
                .get_or_insert_with(|| GzDecoder::new(Vec::with_capacity(ROOM)));
            let step = left.len().min(STEP);
            // None are taken once the member has ended.
            let took = member
                .write(&left[..step])
                .map_err(|error| refuse(Packing::Gzip, self.read, error))?;
            self.read += u64::try_from(took).unwrap_or_default();
            left = &left[took..];
            if took == 0 {
                self.end(sink)?;
            } else if member.get_ref().len() >= ROOM / 2 {
                let made = std::mem::take(member.get_mut());
                sink(&made)?;
            }
        }
        Ok(())
    }

    /// Ends a member: its own checksum and length are compared.
    fn end(&mut self, sink: Sink<'_>) -> Result<(), Refusal> {
        if let Some(member) = self.member.take() {
            let rest = member
                .finish()
                .map_err(|error| refuse(Packing::Gzip, self.read, ended(&error)))?;
            sink(&rest)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, sink: Sink<'_>) -> Result<(), Refusal> {
        self.end(sink)
    }
}

fn ended(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        "it ends before its end".to_owned()
    } else {
        error.to_string()
    }
}
