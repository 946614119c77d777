use std::{future::poll_fn, task::Poll};

use bytes::Bytes;
use crc_fast::{CrcAlgorithm, Digest};

use super::{Shared, with};
use crate::Refusal;

/// What a parser reads from.
pub(crate) struct Source {
    slot: Shared,
    piece: Bytes,
    /// Where in the piece the next byte is.
    at: usize,
    /// Bytes before the piece.
    before: u64,
    lines: Option<u64>,
    /// The sum, and from where in the piece it is still to be made.
    sum: Option<(Digest, usize)>,
}

impl Source {
    pub(super) fn new(slot: Shared) -> Self {
        Self {
            slot,
            piece: Bytes::new(),
            at: 0,
            before: 0,
            lines: None,
            sum: None,
        }
    }

    /// The same, of a format that has lines.
    pub(crate) fn with_lines(mut self) -> Self {
        self.lines = Some(1);
        self
    }

    /// The same, with the CRC-64 of RDB files over all that is read.
    pub(crate) fn with_sum(mut self) -> Self {
        self.sum = Some((Digest::new(CrcAlgorithm::Crc64Redis), 0));
        self
    }

    /// Bytes read so far.
    pub(crate) fn offset(&self) -> u64 {
        self.before + u64::try_from(self.at).unwrap_or(u64::MAX)
    }

    /// The refusal of what lies here.
    pub(crate) fn refuse(&self, what: impl Into<String>) -> Refusal {
        self.refuse_at(self.offset(), what)
    }

    /// The refusal of what began there.
    pub(crate) fn refuse_at(&self, offset: u64, what: impl Into<String>) -> Refusal {
        Refusal {
            offset,
            line: self.lines,
            what: what.into(),
        }
    }

    /// The refusal of a stream that ends here.
    pub(crate) fn cut(&self, inside: &str) -> Refusal {
        self.refuse(format!("the stream ends inside {inside}"))
    }

    /// The CRC-64 of all that was read.
    pub(crate) fn sum(&mut self) -> u64 {
        self.sum_up();
        self.sum.as_ref().map_or(0, |(digest, _)| digest.finalize())
    }

    fn sum_up(&mut self) {
        if let Some((digest, from)) = &mut self.sum {
            digest.update(&self.piece[*from..self.at]);
            *from = self.at;
        }
    }

    /// Waits for a piece where this one is read; whether there is another byte.
    async fn fill(&mut self) -> bool {
        if self.at < self.piece.len() {
            return true;
        }
        self.sum_up();
        self.before = self.offset();
        self.at = 0;
        self.piece = Bytes::new();
        if let Some((_, from)) = &mut self.sum {
            *from = 0;
        }
        let slot = self.slot.clone();
        let next = poll_fn(move |_| {
            with(&slot, |slot| match slot.piece.take() {
                Some(piece) => Poll::Ready(Some(piece)),
                None if slot.ended => Poll::Ready(None),
                None => Poll::Pending,
            })
        })
        .await;
        match next {
            Some(piece) => {
                self.piece = piece;
                true
            }
            None => false,
        }
    }

    /// The next byte, which stays; none at the end.
    pub(crate) async fn peek(&mut self) -> Option<u8> {
        if self.fill().await {
            self.piece.get(self.at).copied()
        } else {
            None
        }
    }

    /// The next byte.
    pub(crate) async fn byte(&mut self, inside: &str) -> Result<u8, Refusal> {
        let Some(byte) = self.peek().await else {
            return Err(self.cut(inside));
        };
        self.at += 1;
        if byte == b'\n'
            && let Some(lines) = &mut self.lines
        {
            *lines += 1;
        }
        Ok(byte)
    }

    /// So many bytes, few enough to keep.
    pub(crate) async fn array<const N: usize>(&mut self, inside: &str) -> Result<[u8; N], Refusal> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte(inside).await?;
        }
        Ok(bytes)
    }

    /// Passes over so many bytes, each piece of them shown.
    pub(crate) async fn pass(
        &mut self,
        length: u64,
        inside: &str,
        mut see: impl FnMut(&[u8]) -> Result<(), (usize, String)>,
    ) -> Result<(), Refusal> {
        let mut left = length;
        while left > 0 {
            if !self.fill().await {
                return Err(self.cut(inside));
            }
            let here = self.piece.len() - self.at;
            let take = usize::try_from(left).map_or(here, |left| left.min(here));
            let part = &self.piece[self.at..self.at + take];
            let seen = see(part);
            if let Err((at, what)) = seen {
                self.count_lines(at.min(take));
                return Err(self.refuse(what));
            }
            self.count_lines(take);
            left -= u64::try_from(take).unwrap_or(left);
        }
        Ok(())
    }

    fn count_lines(&mut self, take: usize) {
        if let Some(lines) = &mut self.lines {
            let part = &self.piece[self.at..self.at + take];
            *lines += part
                .iter()
                .map(|byte| u64::from(*byte == b'\n'))
                .sum::<u64>();
        }
        self.at += take;
    }

    /// Passes over so many bytes.
    pub(crate) async fn skip(&mut self, length: u64, inside: &str) -> Result<(), Refusal> {
        self.pass(length, inside, |_| Ok(())).await
    }
}
