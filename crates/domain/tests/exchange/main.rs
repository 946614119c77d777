//! Plans in the forms of others, and back.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cfn_lint;
mod cloudformation;
mod examples;
mod json;
mod terraform;
