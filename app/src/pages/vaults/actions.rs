//! What can be done with a vault.

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{LockState, Privilege, VaultDetail};

use crate::{server_fns::vaults::VaultChangeQuery, use_session};

/// Links to what the person may do with the vault as it is.
pub(super) fn actions(detail: &VaultDetail, now: Timestamp) -> AnyView {
    let vault = &detail.vault;
    let Some(me) = use_session().me else {
        return ().into_any();
    };
    let link = |what: &str, text: &'static str| {
        let href = VaultChangeQuery::of(what, vault).href();
        view! { <a class="button" href=href>{text}</a> }.into_any()
    };
    let mut links = Vec::new();
    if me.may(Privilege::ProtectVaults) {
        match vault.lock_state(now) {
            LockState::Open => links.push(link("lock", "Lock the vault")),
            LockState::Governance | LockState::Grace { .. } => {
                links.push(link("lock", "Change the lock"));
                links.push(link("unlock", "Remove the lock"));
            }
            LockState::Immutable { .. } => {}
        }
        links.push(link("policy", "Change the access policy"));
    }
    if me.may(Privilege::ManageVaults) && vault.points == 0 && detail.contents.points == 0 {
        links.push(link("delete", "Delete the vault"));
    }
    if links.is_empty() {
        return ().into_any();
    }
    view! { <p class="form-actions">{links}</p> }.into_any()
}
