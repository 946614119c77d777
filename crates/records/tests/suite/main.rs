//! The engine as a whole, over ports in memory.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod keys;
mod model;
mod world;
