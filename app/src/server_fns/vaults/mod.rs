//! Vaults of every account.

mod get;
mod list;
mod query;

pub use get::{GetVault, get_vault};
pub use list::{ListVaults, list_vaults};
pub use query::VaultQuery;
