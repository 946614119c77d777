use leptos::prelude::*;

use crate::clock::page_clock;

/// Picks every row of the page, or none; where scripts run.
#[component]
pub(crate) fn PickAll(
    /// Whether all are picked.
    picked: RwSignal<bool>,
) -> impl IntoView {
    let clock = page_clock();
    view! {
        <button
            type="button"
            class="button button-small button-quiet"
            hidden=move || !clock.hydrated()
            on:click=move |_| picked.update(|picked| *picked = !*picked)
        >
            {move || if picked.get() { "Select none" } else { "Select page" }}
        </button>
    }
}
