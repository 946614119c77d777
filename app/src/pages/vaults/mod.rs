//! Vaults of every account.

mod actions;
mod change;
mod change_form;
mod change_plan;
mod list;
mod lock;
mod one;
mod rehearsal;

pub(crate) use change::VaultChangePage;
pub(crate) use list::VaultsPage;
pub(crate) use one::VaultPage;

use tidemark_domain::Arn;

use crate::query::link;

/// The page of a vault.
pub(crate) fn vault_href(arn: &Arn) -> String {
    link("/vaults/view", "arn", arn.as_str())
}
