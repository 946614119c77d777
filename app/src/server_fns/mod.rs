//! Server functions: thin and public. Each takes text as it was typed, finds out who asks, makes one
//! call of a use case, which authorises first, and words its error.

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod buckets;
pub mod cost;
pub mod coverage;
pub mod holds;
pub mod jobs;
pub mod overview;
pub mod plans;
pub mod points;
pub mod policies;
pub mod records;
pub mod resources;
pub mod restore;
pub mod runs;
pub mod session;
pub mod sets;
pub mod timeline;
pub mod users;
pub mod vaults;
