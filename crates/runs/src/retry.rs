//! When a step that failed is tried again.

use jiff::SignedDuration;

/// How often, and how far apart, a step is tried that fails in a way that may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often in a row it may fail: 1 is "never again".
    pub max_attempts: u32,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: SignedDuration,
    /// The longest pause.
    pub longest_pause: SignedDuration,
}

impl RetryPolicy {
    /// Five times, from one second on: for ordinary steps.
    pub const STANDARD: Self = Self {
        max_attempts: 5,
        first_pause: SignedDuration::from_secs(1),
        longest_pause: SignedDuration::from_secs(60),
    };
    /// Thirty times, over about two hours: for undoing, and for steps that run whatever happens.
    pub const PERSISTENT: Self = Self {
        max_attempts: 30,
        first_pause: SignedDuration::from_secs(1),
        longest_pause: SignedDuration::from_mins(5),
    };
    /// Once.
    pub const NEVER: Self = Self {
        max_attempts: 1,
        ..Self::STANDARD
    };

    /// The pause after the `failures`-th failure in a row, spread by a quarter either way by
    /// `seed`, so that runs which failed together do not come back together.
    pub fn pause(&self, failures: u32, seed: u64) -> SignedDuration {
        let doublings = failures.saturating_sub(1).min(20);
        let pause = self
            .first_pause
            .saturating_mul(1 << doublings)
            .min(self.longest_pause);
        let part = i32::try_from(seed % 512).unwrap_or(0);
        pause
            .checked_div(1024)
            .map_or(pause, |unit| unit.saturating_mul(768 + part))
    }
}
