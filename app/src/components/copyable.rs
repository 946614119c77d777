use std::time::Duration;

use leptos::prelude::*;

use crate::{alive::Life, clock::page_clock};

/// Text that one needs elsewhere, with a button that copies it once the page is hydrated.
#[component]
pub(crate) fn Copyable(
    /// The text.
    #[prop(into)]
    text: String,
    /// What it is, for the button's name: `ARN`.
    label: &'static str,
    /// In several lines, as a block.
    #[prop(optional)]
    block: bool,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let clock = page_clock();
    let life = Life::here();
    let stored = StoredValue::new(text.clone());
    let copy = move |_| {
        stored.try_with_value(|text| {
            // The browser may refuse; the text can still be selected by hand.
            drop(window().navigator().clipboard().write_text(text));
        });
        copied.set(true);
        life.after(Duration::from_secs(2), move || copied.set(false));
    };
    let button = view! {
        <button
            type="button"
            class="button button-quiet copy"
            hidden=move || !clock.hydrated()
            aria-label=format!("Copy {label}")
            on:click=copy
        >
            {move || if copied.get() { "Copied" } else { "Copy" }}
        </button>
    };
    if block {
        view! {
            <div class="copyable copyable-block">
                <pre class="copyable-text" tabindex="0"><code>{text}</code></pre>
                {button}
            </div>
        }
        .into_any()
    } else {
        view! { <span class="copyable"><code class="copyable-text">{text}</code> {button}</span> }
            .into_any()
    }
}
