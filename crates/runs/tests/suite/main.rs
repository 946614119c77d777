//! The run engine's tests: one binary, a file per behaviour.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what is not there is a failure"
)]

mod store_contract;
