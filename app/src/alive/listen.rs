use leptos::{ev::EventDescriptor, prelude::*};
use wasm_bindgen::JsCast;

use super::Life;

impl Life {
    /// Hears the events that reach the window, from when the component is shown until it is gone. Nothing is heard while
    /// a page is made by the server.
    pub(crate) fn listen<E>(self, event: E, hear: impl Fn(E::EventType) + 'static)
    where
        E: EventDescriptor + 'static,
        E::EventType: JsCast,
    {
        let mut hear = Some(hear);
        Effect::new(move |_| {
            let Some(hear) = hear.take() else { return };
            let listener = window_event_listener(event.clone(), move |event| {
                if self.lasts() {
                    hear(event);
                }
            });
            on_cleanup(move || listener.remove());
        });
    }
}
