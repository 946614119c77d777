//! Vaults of every account.

mod change;
mod change_query;
mod get;
mod list;
mod plan_change;
mod query;

pub use change::{ChangeVault, change_vault};
pub use change_query::VaultChangeQuery;
pub use get::{GetVault, get_vault};
pub use list::{ListVaults, list_vaults};
pub use plan_change::{PlanVaultChange, plan_vault_change};
pub use query::VaultQuery;
