use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{alive::Life, components::Dialog};

/// The keys of a hydrated page: `j` and `k` walk through a list, `/` goes to its search field, `?`
/// explains.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let help = RwSignal::new(false);
    Life::here().listen(leptos::ev::keydown, move |event| on_key(&event, help));
    view! {
        <Dialog open=help title="Keys">
            <dl class="facts">
                <dt><kbd>"j"</kbd> " " <kbd>"k"</kbd></dt><dd>"next and previous row of a list"</dd>
                <dt><kbd>"Enter"</kbd></dt><dd>"open the row"</dd>
                <dt><kbd>"/"</kbd></dt><dd>"search the list"</dd>
                <dt><kbd>"?"</kbd></dt><dd>"these keys"</dd>
            </dl>
        </Dialog>
    }
}

fn on_key(event: &KeyboardEvent, help: RwSignal<bool>) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(event) {
        return;
    }
    match event.key().as_str() {
        "j" => step_through_rows(1),
        "k" => step_through_rows(-1),
        "/" => {
            if let Ok(Some(field)) = document().query_selector("input[type=search]") {
                focus(field);
                event.prevent_default();
            }
        }
        "?" => help.set(true),
        _ => {}
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        })
}

/// Rows are entered by their first link.
fn step_through_rows(by: i32) {
    let Ok(rows) = document().query_selector_all(".row-link") else {
        return;
    };
    let links: Vec<Element> = (0..rows.length())
        .filter_map(|at| rows.item(at)?.dyn_into().ok())
        .collect();
    let here = document()
        .active_element()
        .and_then(|active| links.iter().position(|link| *link == active));
    let next = match (here, by) {
        (None, _) => 0,
        (Some(at), 1) => (at + 1).min(links.len().saturating_sub(1)),
        (Some(at), _) => at.saturating_sub(1),
    };
    if let Some(link) = links.into_iter().nth(next) {
        focus(link);
    }
}

fn focus(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        drop(element.focus());
    }
}
