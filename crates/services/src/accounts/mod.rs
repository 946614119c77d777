//! Registered accounts.

mod add;
mod check;
mod get;
mod list;
mod owned;
mod refresh;
mod remove;
mod template;

pub use add::{AddAccount, add};
pub use check::check;
pub(crate) use get::find;
pub use get::get;
pub use list::list;
pub use refresh::refresh;
pub use remove::remove;
pub use template::{DIAGNOSE_ROLE, UNKNOWN_ACCOUNT, check_console_account, template};

use tidemark_domain::{Account, AccountSummary, Region, Scope, ScopeState, SessionName};

use crate::ports::{SessionIdentity, Target};

/// The states of an account's Regions in the order of registration; Regions without one are new.
pub(crate) fn scopes_of(account: &Account, known: &[ScopeState]) -> Vec<ScopeState> {
    account
        .regions
        .iter()
        .map(|region| {
            known
                .iter()
                .find(|s| {
                    s.scope.region == *region && s.scope.account == account.connection.account
                })
                .cloned()
                .unwrap_or_else(|| {
                    ScopeState::never(Scope {
                        account: account.connection.account.clone(),
                        region: region.clone(),
                    })
                })
        })
        .collect()
}

/// The console's own way into a Region of an account, for reading.
pub(crate) fn reading(account: &Account, region: &Region) -> Target {
    Target {
        connection: account.connection.clone(),
        region: region.clone(),
        session: SessionIdentity {
            session_name: SessionName::from_text("tidemark-sync"),
            source_identity: None,
            policy: None,
        },
    }
}

fn summary(
    account: &Account,
    scopes: &[ScopeState],
    resources: u64,
    protected: u64,
) -> AccountSummary {
    AccountSummary {
        account: account.connection.account.clone(),
        alias: account.alias.clone(),
        role: account.connection.role.clone(),
        scopes: scopes_of(account, scopes),
        resources,
        protected,
    }
}
