//! How a parser that asks for its next byte is fed by someone who has pieces to give.

mod read;

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use crate::Refusal;
pub(crate) use read::Source;

/// What lies between the giver and the parser: one piece at most.
#[derive(Debug, Default)]
struct Slot {
    piece: Option<Bytes>,
    ended: bool,
}

type Shared = Arc<Mutex<Slot>>;
type Task<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send>>;

fn with<T>(slot: &Shared, act: impl FnOnce(&mut Slot) -> T) -> T {
    act(&mut slot.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A parser written as a future that waits for bytes and for nothing else. Each piece is given to it and read to its end at
/// once, so no more than that piece is kept, and no thread is needed.
pub(crate) struct Pushed<T> {
    slot: Shared,
    task: Task<T>,
    done: Option<Result<T, Refusal>>,
}

impl<T> Pushed<T> {
    /// Starts a parser; `rdb` sums are made where it asks for them.
    pub(crate) fn new<F>(parse: impl FnOnce(Source) -> F) -> Self
    where
        F: Future<Output = Result<T, Refusal>> + Send + 'static,
    {
        let slot = Shared::default();
        let task = Box::pin(parse(Source::new(Arc::clone(&slot))));
        Self {
            slot,
            task,
            done: None,
        }
    }

    /// Gives the next piece; what is wrong in it is told at once.
    pub(crate) fn push(&mut self, piece: Bytes) -> Result<(), Refusal> {
        if !piece.is_empty() && self.done.is_none() {
            with(&self.slot, |slot| slot.piece = Some(piece));
            self.advance();
        }
        match &self.done {
            Some(Err(refusal)) => Err(refusal.clone()),
            _ => Ok(()),
        }
    }

    /// Says that nothing comes any more.
    pub(crate) fn finish(mut self) -> Result<T, Refusal> {
        with(&self.slot, |slot| slot.ended = true);
        if self.done.is_none() {
            self.advance();
        }
        self.done.unwrap_or_else(|| {
            Err(Refusal {
                offset: 0,
                line: None,
                what: "the reader waits for nothing".to_owned(),
            })
        })
    }

    fn advance(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(result) = self.task.as_mut().poll(&mut context) {
            self.done = Some(result);
        }
    }
}
