use leptos::prelude::*;

/// Nothing is here: says why, and what the next step is.
#[component]
pub(crate) fn Empty(
    /// What is not here.
    #[prop(into)]
    title: Oco<'static, str>,
    /// Why, and the way on.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {children()}
        </div>
    }
}
