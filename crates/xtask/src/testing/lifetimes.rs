//! What a component begins ends with it: the browser's own timers, frames, futures, listeners, observers and streams
//! are asked for in one place only, which sees to that.

use std::fs;

use anyhow::bail;

use crate::{paths, stamp};

/// The code that runs in browsers.
const FOLDERS: [&str; 2] = ["app/src", "frontend/src"];

/// Where the calls belong.
const HOME: &str = "app/src/alive/";

/// What outlives the component that asks for it, unless somebody sees to it: functions, by how their names begin.
const CALLS: [&str; 10] = [
    "set_timeout",
    "set_interval",
    "request_animation_frame",
    "request_idle_callback",
    "queue_microtask",
    "debounce",
    "spawn_local",
    "wasm_bindgen_futures",
    "window_event_listener",
    "add_event_listener",
];

/// The same of types.
const TYPES: [&str; 8] = [
    "Closure",
    "EventSource",
    "WebSocket",
    "ResizeObserver",
    "IntersectionObserver",
    "MutationObserver",
    "TimeoutFuture",
    "IntervalStream",
];

/// What else has one place: how a view stays whole while the next one is on its way, and which address is a page's own.
const PLACES: [(&str, &[&str]); 4] = [
    ("Suspend", &["app/src/components/load.rs"]),
    ("Suspense", &["app/src/components/load.rs"]),
    ("Transition", &["app/src/components/load.rs"]),
    (
        "use_location",
        &[
            "app/src/areas.rs",
            "app/src/layout/menus.rs",
            "app/src/layout/mod.rs",
            "app/src/layout/navigation.rs",
        ],
    ),
];

/// Fails where something that may outlive its component is used outside the places that see to it.
pub(super) fn check() -> anyhow::Result<()> {
    let root = paths::root();
    let mut wrong = Vec::new();
    for folder in FOLDERS {
        for file in stamp::files_below(&root.join(folder))? {
            let name = file.strip_prefix(&root).unwrap_or(&file);
            let name = name.to_string_lossy().replace('\\', "/");
            if file.extension().is_some_and(|kind| kind == "rs") {
                wrong.extend(raw_uses(&name, &fs::read_to_string(&file)?));
            }
        }
    }
    if !wrong.is_empty() {
        bail!(
            "timers, frames, futures, listeners, observers and streams are asked for through `Life` in {HOME}, \
             views of resources are shown by `load`, and a page's address is `pages::search`:\n{}",
            wrong.join("\n")
        );
    }
    Ok(())
}

/// The uses in one file, each with its line.
fn raw_uses(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for word in words {
            let raw = TYPES.contains(&word) || CALLS.iter().any(|call| word.starts_with(call));
            let misplaced = if raw {
                !name.starts_with(HOME)
            } else {
                PLACES
                    .iter()
                    .any(|(call, places)| *call == word && !places.contains(&name))
            };
            if misplaced {
                found.push(format!("{name}:{}: {word}", number + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_uses_are_found_where_they_do_not_belong() {
        let text = "use leptos::prelude::*;\n// set_timeout in words\nfn f() { leptos::prelude::set_timeout_with_handle(g, d); }\nlet c: Closure<dyn Fn()>;\n";
        assert_eq!(
            raw_uses("app/src/pages/overview.rs", text),
            [
                "app/src/pages/overview.rs:3: set_timeout_with_handle",
                "app/src/pages/overview.rs:4: Closure"
            ]
        );
        assert!(raw_uses("app/src/alive/after.rs", text).is_empty());
    }

    #[test]
    fn other_names_that_contain_one_are_none() {
        let text = "let closure = EventSourceful; my_spawn_local();";
        assert!(raw_uses("frontend/src/lib.rs", text).is_empty());
    }

    #[test]
    fn what_has_a_place_is_found_elsewhere() {
        let text = "{move || Suspend::new(async move {})}";
        assert!(raw_uses("app/src/components/load.rs", text).is_empty());
        assert_eq!(raw_uses("app/src/components/table.rs", text).len(), 1);
    }
}
