//! The simulated AWS Backup service: jobs, plans, lifecycle, locks, copies and restores by a clock.

mod clock;
mod provider;

pub use clock::SimClock;
pub use provider::{Captured, ProviderError, ResourceProvider, SimResource};
