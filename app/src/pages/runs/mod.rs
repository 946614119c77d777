//! Runs: everything that changes something in AWS.

mod changes;
mod follow;
mod list;
mod log;
mod one;
mod policy;
mod undone;
mod words;

pub(crate) use list::{RunsPage, run_rows, runs_of};
pub(crate) use one::RunPage;
