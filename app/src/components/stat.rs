use leptos::prelude::*;

use super::Tone;

/// A figure with its name, as a link where there is more to see.
#[component]
pub(crate) fn Stat(
    /// What is counted.
    label: &'static str,
    /// The figure.
    #[prop(into)]
    value: String,
    /// What belongs to it, in a few words.
    #[prop(optional, into)]
    note: String,
    /// Whether the figure is good or bad.
    #[prop(optional)]
    tone: Tone,
    /// Where there is more to see.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let value = match href {
        Some(href) => view! { <a href=href>{value}</a> }.into_any(),
        None => value.into_any(),
    };
    view! {
        <div class="stat" data-tone=tone.as_str()>
            <dt>{label}</dt>
            <dd><span class="stat-value">{value}</span> <span class="stat-note">{note}</span></dd>
        </div>
    }
}
