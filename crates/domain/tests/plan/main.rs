//! What is wrong with a plan before it is saved.
#![expect(clippy::unwrap_used, reason = "tests")]

mod check;
