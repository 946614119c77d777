use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use crate::alive::Life;

/// Menus of the header close as people expect: by Escape, by a click elsewhere, and on another page. Without scripts
/// their own summary closes them.
#[component]
pub(super) fn Menus() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            close(|_| true);
        }
        now
    });
    let life = Life::here();
    life.listen(ev::click, |event| {
        let target = event.target().and_then(|on| on.dyn_into::<Node>().ok());
        close(|menu| !menu.contains(target.as_ref()));
    });
    life.listen(ev::keydown, |event| {
        if event.key() == "Escape" {
            close(|menu| {
                let focused = document().active_element();
                if menu.contains(focused.as_deref()) {
                    focus_summary(menu);
                }
                true
            });
        }
    });
}

fn close(which: impl Fn(&Element) -> bool) {
    let Ok(open) = document().query_selector_all(".menu[open]") else {
        return;
    };
    for at in 0..open.length() {
        let menu = open
            .item(at)
            .and_then(|node| node.dyn_into::<Element>().ok());
        if let Some(menu) = menu.filter(|menu| which(menu)) {
            drop(menu.remove_attribute("open"));
        }
    }
}

fn focus_summary(menu: &Element) {
    let summary = menu.query_selector("summary").ok().flatten();
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        drop(summary.focus());
    }
}
