//! One file per route. Pages fetch; components show.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod not_found;
pub(crate) mod overview;
pub(crate) mod resources;
pub(crate) mod restore;
pub(crate) mod runs;
pub(crate) mod sign_in;
pub(crate) mod styleguide;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The query string of the page's address, as it stands now.
pub(crate) fn search() -> Memo<String> {
    use_location().search
}

/// Sets the status of the answer, while the page is made.
#[cfg(feature = "ssr")]
pub(crate) fn answer_with(kind: crate::error::ErrorKind) {
    drop(crate::ssr::refused(kind, ""));
}

/// A hydrated page has been answered already.
#[cfg(not(feature = "ssr"))]
pub(crate) fn answer_with(_: crate::error::ErrorKind) {}
