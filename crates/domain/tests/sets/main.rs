//! Application sets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod manifest;
mod recovery;
mod schema;
mod slow_reference;
mod windows;
