//! Every component in every state; debug builds of the server only.
//!
//! The page is not hydrated, so that the stories are no part of what browsers load.

#[cfg(all(debug_assertions, feature = "ssr"))]
mod lanes;
#[cfg(all(debug_assertions, feature = "ssr"))]
mod stories;

use leptos::prelude::*;

/// The components, or nothing at all in a release.
#[component]
pub(crate) fn StyleguidePage() -> impl IntoView {
    #[cfg(all(debug_assertions, feature = "ssr"))]
    {
        stories::stories()
    }
    #[cfg(not(all(debug_assertions, feature = "ssr")))]
    {
        view! { <super::not_found::NotFoundPage/> }
    }
}
