use leptos::{html, prelude::*};

/// A modal dialog of a hydrated page. Nothing that is needed without JavaScript belongs in one.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            drop(dialog.show_modal());
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog node_ref=node class="dialog" aria-label=title on:close=move |_| open.set(false)>
            <h2>{title}</h2>
            {children()}
            <form method="dialog">
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}
