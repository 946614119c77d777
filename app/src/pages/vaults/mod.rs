//! Vaults of every account.

mod list;
mod lock;
mod one;

pub(crate) use list::VaultsPage;
pub(crate) use one::VaultPage;

use tidemark_domain::Arn;

use crate::query::link;

/// The page of a vault.
pub(crate) fn vault_href(arn: &Arn) -> String {
    link("/vaults/view", "arn", arn.as_str())
}
