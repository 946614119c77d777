//! The engine and its wire protocol, driven by hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod backup_jobs;
mod continuous;
mod copy_jobs;
mod driver;
mod legal_holds;
mod lifecycle;
mod locks;
mod paging;
mod plans;
mod refusals;
mod restore_jobs;
mod support;
mod wire;
