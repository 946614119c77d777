//! Everything that is left to chance follows from the seed.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;

/// A stream of numbers that follow from a seed and a name. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Arc<Mutex<u64>>);

impl Dice {
    /// The stream of this name. Streams of one seed do not disturb each other.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let mut state = seed ^ 0x9E37_79B9_7F4A_7C15;
        for byte in name.bytes() {
            state = mix(state ^ u64::from(byte));
        }
        Self(Arc::new(Mutex::new(state)))
    }

    /// The next number.
    pub(crate) fn number(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(*state)
    }

    /// A number below `end`; 0 when that is 0.
    pub(crate) fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.number() % end).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// From 0 up to, but not, 1.
    pub(crate) fn share(&self) -> f64 {
        let top = u32::try_from(self.number() >> 32).unwrap_or(0);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }

    /// True in this share of cases.
    pub(crate) fn chance(&self, share: f64) -> bool {
        self.share() < share
    }

    /// One of them; none of none.
    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// Each of them in this share of cases.
    pub(crate) fn some<T: Clone>(&self, from: &[T], share: f64) -> Vec<T> {
        from.iter()
            .filter(|_| self.chance(share))
            .cloned()
            .collect()
    }

    /// A duration between two, short ones as likely as long ones ten times as long.
    pub(crate) fn duration(&self, low: SignedDuration, high: SignedDuration) -> SignedDuration {
        let low = low.as_secs_f64().max(0.001);
        let high = high.as_secs_f64().max(low);
        let seconds = low * (high / low).powf(self.share());
        SignedDuration::try_from_secs_f64(seconds).unwrap_or_default()
    }
}

/// The finaliser of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
