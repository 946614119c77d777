use leptos::prelude::*;

/// Something that not everybody needs, behind its own line. Works without JavaScript.
#[component]
pub(crate) fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: Oco<'static, str>,
    /// Open from the beginning.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>{summary}</summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
}
