use leptos::{ev::SubmitEvent, prelude::*};

use super::ErrorNotice;
use crate::{
    error::ErrorKind,
    outcome::{current_page, failure},
};

/// A form that changes something: a plain post to a server function, the same with and without
/// JavaScript. On failure the server answers with this page again (see [`crate::outcome`]).
#[component]
pub(crate) fn PostForm(
    /// The server function's path.
    action: &'static str,
    /// The form's class.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let page = current_page();
    // A second click must not send the form twice.
    let busy = RwSignal::new(false);
    let on_submit = move |event: SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        }
        busy.set(true);
    };
    view! {
        <form
            method="post"
            action=action
            class=class
            aria-busy=move || busy.get().then_some("true")
            on:submit=on_submit
        >
            <input type="hidden" name="page" value=page/>
            {children()}
        </form>
    }
}

/// Why the form that posts to `action` failed, if it did. A broken rule of a named field is shown
/// beside that field as well.
#[component]
pub(crate) fn FormError(
    /// The server function's path.
    action: &'static str,
) -> impl IntoView {
    failure(action).map(|mut error| {
        // Signing in is how one answers this; the notice must not send the person away.
        if error.kind == ErrorKind::Unauthenticated {
            error.kind = ErrorKind::Forbidden;
            error.correlation.clear();
        }
        view! { <ErrorNotice error/> }
    })
}
