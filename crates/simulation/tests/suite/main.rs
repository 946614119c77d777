//! A few hundred worlds in every run of the tests; many more by `cargo xtask simulate`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod worlds;
