//! The run engine's tests: one binary, a file per behaviour.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what is not there is a failure"
)]

mod approval;
mod battery;
mod example;
mod fold;
mod keeping;
mod leases;
mod limits;
mod params;
mod retries;
mod sleeping;
mod steps;
mod stopping;
mod store_contract;
mod store_failures;
mod support;
mod worker;
