//! Follows a run's log from a hydrated page, by server-sent events.

use leptos::prelude::*;
use tidemark_domain::runs::{RunEvent, RunId, RunView};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::layout::announce;

/// A run's state and log, growing as events come in.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    pub(super) view: RwSignal<RunView>,
    pub(super) events: RwSignal<Vec<RunEvent>>,
}

impl Followed {
    /// Begins with what the server rendered and, in a browser, goes on until the run ends or the
    /// page is left. The browser reconnects by itself and says which event it saw last.
    pub(super) fn from(id: RunId, view: RunView, events: Vec<RunEvent>) -> Self {
        let followed = Self {
            view: RwSignal::new(view),
            events: RwSignal::new(events),
        };
        Effect::new(move |_| followed.listen(id));
        followed
    }

    fn listen(self, id: RunId) {
        let view = self.view.get_untracked();
        if view.state.is_terminal() {
            return;
        }
        let Ok(source) = EventSource::new(&format!("/runs/{id}/events?after={}", view.seq)) else {
            return;
        };
        let closing = source.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(event) = serde_json::from_str::<RunEvent>(&text) {
                self.take(event);
            }
            if self.view.with_untracked(|view| view.state.is_terminal()) {
                closing.close();
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // Dropped, and so closed, with the effect that this runs in.
        StoredValue::new_local(Held {
            source,
            _on_message: on_message,
        });
    }

    fn take(self, event: RunEvent) {
        let before = self.view.with_untracked(RunView::progress).message;
        self.view.update(|view| view.apply(&event));
        let (after, state) = self
            .view
            .with_untracked(|view| (view.progress().message, view.state));
        if state.is_terminal() {
            announce(&format!("The run {}", state.as_str()));
        } else if before != after {
            announce(&after);
        }
        self.events.update(|events| {
            if events.last().is_none_or(|last| last.seq < event.seq) {
                events.push(event);
            }
        });
    }
}

/// An open stream; closed when the page is left.
struct Held {
    source: EventSource,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.source.close();
    }
}
