//! Registered accounts.

mod add;
mod check;
mod enrol;
mod enrol_file;
mod get;
mod leaving;
mod list;
mod owned;
mod refresh;
mod remove;
mod rotate;
mod settle;
mod template;
mod templates;

pub use add::{AddAccount, add};
pub use check::check;
pub use enrol::{Enrol, enrol, plan_enrolment};
pub(crate) use get::find;
pub use get::get;
pub use leaving::leaving;
pub use list::list;
pub use refresh::refresh;
pub use remove::remove;
pub use rotate::rotate;
pub(crate) use settle::settle;
pub use template::{
    DIAGNOSE_ROLE, Format, TemplateRequest, UNKNOWN_ACCOUNT, check_console_account, template,
};

use jiff::Timestamp;
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

/// Every Region of an account.
pub(crate) fn all_scopes(account: &Account) -> Vec<Scope> {
    account
        .regions
        .iter()
        .map(|region| Scope {
            account: account.connection.account.clone(),
            region: region.clone(),
        })
        .collect()
}

/// Whether its roles are still waited for: it is new, and no Region could be read yet.
pub(crate) fn is_awaited(account: &Account, scopes: &[ScopeState], now: Timestamp) -> bool {
    now < account.awaited_until()
        && scopes_of(account, scopes)
            .iter()
            .all(|state| state.last_success.is_none())
}

fn summary(
    account: &Account,
    scopes: &[ScopeState],
    (resources, protected): (u64, u64),
    now: Timestamp,
) -> AccountSummary {
    AccountSummary {
        account: account.connection.account.clone(),
        alias: account.alias.clone(),
        role: account.connection.role.clone(),
        scopes: scopes_of(account, scopes),
        resources,
        protected,
        features: account.features.clone(),
        rotating_since: account.pending.as_ref().map(|pending| pending.since),
        awaited_until: is_awaited(account, scopes, now).then(|| account.awaited_until()),
    }
}
