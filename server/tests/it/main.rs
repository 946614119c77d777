//! The console from the outside: over its real router, and as a real process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod access;
mod assets;
mod bad_input;
mod cross_site;
mod events;
mod headers;
mod isolation;
mod limits;
mod many_accounts;
mod markup;
mod openapi;
mod owners;
mod panics;
mod permissions;
mod plans;
mod policies;
mod process;
mod restores;
mod samples;
mod sign_in;
mod strict;
mod users;
mod vaults;
