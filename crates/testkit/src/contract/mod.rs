//! Contract suites: what every implementation of a port must do, run against the fake, the sandbox
//! and emulators that others wrote.

pub mod access;
pub mod backups;
pub mod buckets;
mod estate;
mod fake_estate;
pub mod plans;
pub mod points;
pub mod policies;
pub mod scope;
pub mod settings;
pub mod tables;
pub mod vaults;

pub use estate::{CloudEstate, Way, until};
pub use fake_estate::FakeEstate;
