use leptos::prelude::*;

/// How far something has come.
#[component]
pub(crate) fn ProgressBar(
    /// 0 to 100; none while it cannot be told.
    #[prop(into)]
    percent: Signal<Option<u8>>,
    /// What is going on, for assistive technology.
    label: &'static str,
) -> impl IntoView {
    view! {
        <progress
            class="progress"
            max="100"
            aria-label=label
            value=move || percent.get().map(|p| p.min(100).to_string())
        ></progress>
    }
}
