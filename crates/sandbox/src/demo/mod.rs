//! The demo estate: five accounts with data, plans and 400 days of backups, the same for the same seed.
//!
//! It is made through the simulated services' own operations while the clock is set back and catches up,
//! so that everything in it can really be restored. Names, items, sizes and schedules follow from the
//! seed; ids that the services themselves draw do not.

mod accounts;
mod block_storage;
mod blocks;
mod buckets;
mod caches;
mod databases;
mod file_systems;
mod history;
mod identity;
mod items;
mod nodes;
mod plans;
mod records;
mod remembered;
mod seeder;
mod tables;
mod vaults;
mod writer;

pub use accounts::{DemoAccount, demo_accounts};
pub(crate) use history::seed_demo;
pub(crate) use writer::write_live;

#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;
