//! One file per route. Pages fetch; components show.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod buckets;
pub(crate) mod buckets_access;
pub(crate) mod cost;
pub(crate) mod coverage;
pub(crate) mod holds;
pub(crate) mod jobs;
pub(crate) mod not_found;
pub(crate) mod overview;
pub(crate) mod plans;
pub(crate) mod points;
pub(crate) mod records;
pub(crate) mod resources;
pub(crate) mod restore;
pub(crate) mod runs;
pub(crate) mod sets;
pub(crate) mod sign_in;
pub(crate) mod styleguide;
pub(crate) mod timeline;
pub(crate) mod users;
pub(crate) mod vaults;

use leptos::prelude::*;
use leptos_router::hooks::use_url;
use tidemark_domain::Privilege;

use crate::{
    components::{ErrorNotice, PageHead},
    error::{AppError, ErrorKind},
    use_session,
};

/// The query string of the page's own address. Where the address leads to another page meanwhile, which may take a
/// while to come, it stays what it was: the next page's query is none of this one's business.
pub(crate) fn search() -> Memo<String> {
    let url = use_url();
    Memo::new(move |_| url.with(|url| url.search().to_owned()))
}

/// Sets the status of the answer, while the page is made.
#[cfg(feature = "ssr")]
pub(crate) fn answer_with(kind: crate::error::ErrorKind) {
    drop(crate::ssr::refused(kind, ""));
}

/// A hydrated page has been answered already.
#[cfg(not(feature = "ssr"))]
pub(crate) fn answer_with(_: crate::error::ErrorKind) {}

/// Makes a page for those who have the privilege, and says to the others that it is not for them.
/// What a page does is authorised again by the use case behind it.
pub(crate) fn only(
    privilege: Privilege,
    guidance: &str,
    page: impl FnOnce() -> AnyView,
) -> AnyView {
    if use_session().me.is_some_and(|me| me.may(privilege)) {
        return page();
    }
    answer_with(ErrorKind::Forbidden);
    let error = AppError::new(ErrorKind::Forbidden, "Your role does not allow this.")
        .with_guidance(guidance);
    view! {
        <PageHead title=error.kind.title()/>
        <ErrorNotice error/>
    }
    .into_any()
}
