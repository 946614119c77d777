//! One contract for every port, kept by SQLite and by PostgreSQL alike.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod accounts;
mod audit;
mod builders;
mod captures;
mod catalogue;
mod harness;
mod insight;
mod items;
mod open;
mod permissions;
mod record_checkpoints;
mod runs;
mod sessions;
mod sets;
mod starts;
mod trouble;
mod users;
