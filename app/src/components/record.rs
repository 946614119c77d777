//! Parts of records: values, keys, and what differs.

use leptos::prelude::*;
use tidemark_domain::records::{Shown, ShownChange, ShownChanges, ShownKey};

/// Characters of a value that are shown at once.
const SHORT: usize = 120;

/// Characters of a longer one that stand for it.
const BEGINNING: usize = 60;

/// A value of a record. What is long is behind its beginning, also without JavaScript.
#[component]
pub(crate) fn RecordValue(
    /// The value.
    value: Shown,
) -> impl IntoView {
    let Shown { text, whole } = value;
    if whole && text.chars().count() <= SHORT {
        return view! { <code class="value">{text}</code> }.into_any();
    }
    let start: String = text.chars().take(BEGINNING).collect();
    let cut = (!whole).then(|| {
        view! { <p class="field-hint">"It goes on. The record's history has it whole."</p> }
    });
    view! {
        <details class="value-long">
            <summary><code class="value">{start}"…"</code></summary>
            <pre class="value-text" tabindex="0"><code>{text}</code></pre>
            {cut}
        </details>
    }
    .into_any()
}

/// A whole record, or a long value, as a block.
#[component]
pub(crate) fn RecordText(
    /// The text.
    value: Shown,
) -> impl IntoView {
    let cut = (!value.whole).then(|| view! { <p class="field-hint">"It goes on."</p> });
    view! { <pre class="value-text" tabindex="0"><code>{value.text}</code></pre> {cut} }
}

/// A record's key: the values, each with its attribute's name.
#[component]
pub(crate) fn RecordKey(
    /// The key.
    key: ShownKey,
) -> impl IntoView {
    let parts = key
        .parts
        .into_iter()
        .map(|part| {
            view! {
                <span class="key-part">
                    <span class="key-name">{part.name}</span> " " <code class="value">{part.value.text}</code>
                </span>
            }
        })
        .collect_view();
    view! { <span class="key">{parts}</span> }
}

/// What differs between two states of a record, attribute by attribute.
#[component]
pub(crate) fn RecordChanges(
    /// The attributes that differ.
    changes: ShownChanges,
    /// Where all of them are, for when not all are listed.
    #[prop(optional, into)]
    all: Option<String>,
) -> impl IntoView {
    let more = (changes.more > 0).then(|| {
        let text = format!("and {} more", changes.more);
        match all {
            Some(href) => view! { <li><a href=href>{text}</a></li> }.into_any(),
            None => view! { <li>{text}</li> }.into_any(),
        }
    });
    let listed = changes.listed.into_iter().map(change).collect_view();
    view! { <ul class="diff">{listed}{more}</ul> }
}

fn change(change: ShownChange) -> impl IntoView {
    let sides = match (change.before, change.after) {
        (Some(before), Some(after)) => view! {
            <del><span class="visually-hidden">"was "</span><RecordValue value=before/></del>
            <span class="diff-arrow" aria-hidden="true">"→"</span>
            <ins><span class="visually-hidden">"became "</span><RecordValue value=after/></ins>
        }
        .into_any(),
        (Some(before), None) => view! {
            <del><span class="visually-hidden">"removed "</span><RecordValue value=before/></del>
        }
        .into_any(),
        (None, Some(after)) => view! {
            <ins><span class="visually-hidden">"added "</span><RecordValue value=after/></ins>
        }
        .into_any(),
        (None, None) => ().into_any(),
    };
    view! { <li><span class="diff-path">{change.path}</span> {sides}</li> }
}
