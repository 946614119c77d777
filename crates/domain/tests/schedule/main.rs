//! AWS cron expressions: the right next runs, in any zone, or a message that names the field.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod expected;
mod occurrences;
mod refusals;
mod slow_reference;
