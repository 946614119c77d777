//! The real binary: killed in the middle, watched by the simulated AWS's record of calls.

mod bulk;
mod captures;
mod client;
mod copies;
mod dumps;
mod kill;
mod plans;
mod point_copies;
mod policies;
mod records;
mod server;
mod sets;
mod subcommands;
mod trouble;
mod vaults;
