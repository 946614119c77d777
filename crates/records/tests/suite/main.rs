//! The engine as a whole, over ports in memory.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bad_input;
mod capture;
mod checkpoints;
mod imports;
mod keys;
mod lambda;
mod model;
mod numbers;
mod older;
mod proof;
mod restore;
mod round_trip;
mod world;
