use leptos::prelude::*;

/// An account as people know it: its alias, and beside it the id.
#[component]
pub(crate) fn AccountLabel(
    /// The name that people gave it; may be empty.
    #[prop(into)]
    alias: String,
    /// The twelve digits.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let alias = (!alias.is_empty()).then(|| view! { <span class="account-alias">{alias}</span> });
    view! { <span class="account">{alias} <span class="account-id">{id}</span></span> }
}
