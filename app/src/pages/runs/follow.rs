//! Follows a run's log from a hydrated page, by server-sent events.

use leptos::prelude::*;
use tidemark_domain::runs::{RunEvent, RunId, RunView};

use crate::{alive::Life, layout::announce};

/// A run's state and log, growing as events come in.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    pub(super) view: RwSignal<RunView>,
    pub(super) events: RwSignal<Vec<RunEvent>>,
    /// Whether what happens comes in.
    live: RwSignal<bool>,
}

impl Followed {
    /// Begins with what the server rendered and, in a browser, goes on until the run ends or the
    /// page is left.
    pub(super) fn from(id: RunId, view: RunView, events: Vec<RunEvent>) -> Self {
        let followed = Self {
            view: RwSignal::new(view),
            events: RwSignal::new(events),
            live: RwSignal::new(true),
        };
        Effect::new(move |_| followed.listen(id));
        followed
    }

    fn listen(self, id: RunId) {
        // Each stream begins after what is shown already.
        let address = move || {
            self.view.with_untracked(|view| {
                let goes_on = !view.state.is_terminal();
                goes_on.then(|| format!("/runs/{id}/events?after={}", view.seq))
            })
        };
        let hear = move |text: &str| {
            if let Ok(event) = serde_json::from_str::<RunEvent>(text) {
                self.take(event);
            }
        };
        Life::here().follow(address, hear, move |live| {
            let was = self.live.get_untracked();
            self.live.set(live);
            if was && !live {
                announce("The page does not follow the run at the moment");
            }
        });
    }

    /// Says that what is shown may be behind, while it is.
    pub(super) fn not_live(self) -> impl IntoView {
        move || {
            let behind = !self.live.get() && self.view.with(|view| !view.state.is_terminal());
            behind.then(|| {
                view! {
                    <p class="calm run-behind">
                        "Not live: the console cannot be reached, or does not answer. What is shown may be behind; "
                        "the run goes on by itself, and this page tries again."
                    </p>
                }
            })
        }
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
