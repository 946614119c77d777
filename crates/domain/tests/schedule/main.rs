//! AWS cron expressions: the right next runs, in any zone, or a message that names the field.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod expected;
mod occurrences;
mod refusals;
mod slow_reference;
