//! What surrounds every page.

mod guard;
mod header;
mod keys;
mod menus;
mod navigation;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use self::{header::Header, keys::Keys, menus::Menus, navigation::Navigation};
use crate::{alive::Life, areas::Loading, outcome::forget_elsewhere, use_session};

/// Skip link, header, the way around, the page, and the place where news is read out.
#[component]
pub(crate) fn Layout(children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let admitted = guard::admit(&path.get_untracked());
    let loading = Loading::here();
    focus_heading_after_navigation(path, loading);
    forget_elsewhere();
    let page = if admitted {
        children().into_any()
    } else {
        elsewhere().into_any()
    };
    let me = use_session().me;
    let signed_in = me.is_some();
    let navigation = me
        .filter(|me| !me.must_change_password)
        .map(|me| view! { <Navigation me/> });
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <Header/>
        <div class="page-loading" data-shown=move || loading.is_under_way().to_string()></div>
        <div class="frame">
            {navigation}
            <main id="main" class="main" tabindex="-1">{page}</main>
        </div>
        <div id="news" class="visually-hidden" role="status" aria-live="polite"></div>
        {signed_in.then(|| view! { <Keys/> <Menus/> })}
    }
}

/// Shown for the moment in which the browser goes to the page that the answer names.
fn elsewhere() -> impl IntoView {
    view! { <p>"Please " <a href="/sign-in">"sign in"</a> "."</p> }
}

/// After going to another page without a reload, assistive technology must hear where it is, once it is there.
fn focus_heading_after_navigation(path: Memo<String>, loading: Loading) {
    let life = Life::here();
    let due = StoredValue::new(false);
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            due.set_value(true);
        }
        if loading.is_under_way() {
            announce("Loading");
        } else if due.get_value() {
            // The code of the next page may be asked for until then.
            life.on_next_frame(move || {
                if loading.is_done() && due.get_value() {
                    due.set_value(false);
                    focus("page-title");
                }
            });
        }
        now
    });
}

/// Moves the focus to the element of that id.
pub(crate) fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        drop(element.focus());
    }
}

/// Reads something out, without showing it.
pub(crate) fn announce(text: &str) {
    if let Some(news) = document().get_element_by_id("news") {
        news.set_text_content(Some(text));
    }
}
