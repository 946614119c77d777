//! What happened, line by line: the same seed writes the same lines.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;

/// How much of a trace is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: lines are not even made.
    #[default]
    Nothing,
    /// A hash over all lines.
    Hash,
    /// Every line.
    Lines,
}

/// A trace. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    keep: Keep,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    hash: u64,
    lines: Vec<String>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            hash: 0xCBF2_9CE4_8422_2325,
            lines: Vec::new(),
        }
    }
}

impl Trace {
    /// An empty trace.
    pub(crate) fn new(keep: Keep) -> Self {
        Self {
            keep,
            inner: Arc::default(),
        }
    }

    /// Adds a line.
    pub(crate) fn say(&self, at: SignedDuration, line: impl FnOnce() -> String) {
        if self.keep == Keep::Nothing {
            return;
        }
        let seconds = at.as_secs();
        let line = format!(
            "{:02}:{:02}:{:02}.{:03} {}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            at.subsec_millis(),
            line()
        );
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // FNV-1a.
        for byte in line.bytes() {
            inner.hash = (inner.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        if self.keep == Keep::Lines {
            inner.lines.push(line);
        }
    }

    /// The hash over all lines so far.
    pub(crate) fn hash(&self) -> u64 {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hash
    }

    /// The lines so far, where they are kept.
    pub(crate) fn lines(&self) -> Vec<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.lines.clone()
    }
}
