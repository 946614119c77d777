//! Every component in every state; debug builds only.

#[cfg(debug_assertions)]
mod stories;

use leptos::prelude::*;

/// The components, or nothing at all in a release.
#[component]
pub(crate) fn StyleguidePage() -> impl IntoView {
    #[cfg(debug_assertions)]
    {
        stories::stories()
    }
    #[cfg(not(debug_assertions))]
    {
        view! { <super::not_found::NotFoundPage/> }
    }
}
