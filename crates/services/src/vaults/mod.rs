//! Vaults of every account: shown, created, locked, deleted.

mod checks;
mod effects;
mod get;
mod list;
mod plan;
mod rehearse;
mod run;
mod session;
mod start;

pub use get::get;
pub use list::list;
pub use plan::plan;
pub(crate) use run::targets_of;
pub use run::{CHANGE_VAULT_KIND, PROTECT_VAULT_KIND, VaultRun};
pub use start::{VaultConfirmed, start};
