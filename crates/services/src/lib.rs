//! Use cases and their ports, authorisation, audit.
//!
//! Every use case is one function in one file, `<noun>/<verb>.rs`. It takes the [`Services`] and the
//! [`Caller`], authorises first, and answers a value of `tidemark-domain` or a [`ServiceError`].

pub mod accounts;
pub mod audit;
mod authorize;
pub mod backup;
pub mod buckets;
mod caller;
pub mod calls;
pub mod cost;
pub mod coverage;
pub mod dumps;
pub mod error;
pub mod exchange;
mod guard;
pub mod holds;
pub mod jobs;
pub mod overview;
pub mod permissions;
pub mod plans;
pub mod points;
pub mod policies;
mod policy_size;
pub mod ports;
mod pulse;
pub mod records;
pub mod resources;
pub mod restore;
pub mod runs;
mod services;
pub mod session;
pub mod sets;
pub mod sync;
pub mod timeline;
pub mod users;
pub mod vaults;

pub use authorize::{Grant, authorize, owner_of};
pub use caller::Caller;
pub use error::{Outage, ServiceError, StoreError};
pub use guard::Guard;
pub use pulse::Pulse;
pub use services::Services;
