//! Server-sent events that a page follows for as long as it is shown.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

use super::Life;

/// The longest pause between two attempts to open a stream again, in seconds.
const LONGEST: f64 = 30.0;

impl Life {
    /// Follows server-sent events as long as the component is there and `from` names an address, which is asked before
    /// each opening and after each message. `live` hears whether the stream is open.
    ///
    /// A browser opens a stream again whose connection broke, but gives one up for good that was answered with an
    /// error, as by a proxy while the console restarts. Such a one is opened anew, with growing pauses. To be called in
    /// an effect.
    pub(crate) fn follow(
        self,
        from: impl Fn() -> Option<String> + 'static,
        hear: impl Fn(&str) + 'static,
        live: impl Fn(bool) + 'static,
    ) {
        let stream = Rc::new(Stream {
            life: self,
            from: Box::new(from),
            hear: Box::new(hear),
            live: Box::new(live),
            failures: Cell::new(0),
            open: RefCell::new(None),
        });
        stream.open();
        // Dropped, and so closed, with the effect that this runs in.
        StoredValue::new_local(stream);
    }
}

struct Stream {
    life: Life,
    from: Box<dyn Fn() -> Option<String>>,
    hear: Box<dyn Fn(&str)>,
    live: Box<dyn Fn(bool)>,
    /// How often in a row it could not be opened.
    failures: Cell<i32>,
    open: RefCell<Option<Open>>,
}

/// The browser's stream and what it calls; closed when dropped.
struct Open {
    source: EventSource,
    _message: Closure<dyn Fn(MessageEvent)>,
    _others: [Closure<dyn Fn(Event)>; 2],
}

impl Stream {
    /// Opens it, in place of the one that was open before.
    fn open(self: &Rc<Self>) {
        let Some(address) = (self.from)() else { return };
        match EventSource::new(&address) {
            Ok(source) => *self.open.borrow_mut() = Some(self.attend(source)),
            Err(_) => self.open_later(),
        }
    }

    fn attend(self: &Rc<Self>, source: EventSource) -> Open {
        let message = {
            let (stream, source) = (Rc::downgrade(self), source.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                let Some(stream) = there(&stream) else { return };
                (stream.hear)(&message.data().as_string().unwrap_or_default());
                if (stream.from)().is_none() {
                    source.close();
                }
            })
        };
        let opened = {
            let stream = Rc::downgrade(self);
            Closure::<dyn Fn(Event)>::new(move |_| {
                let Some(stream) = there(&stream) else { return };
                stream.failures.set(0);
                (stream.live)(true);
            })
        };
        let failed = {
            let (stream, source) = (Rc::downgrade(self), source.clone());
            Closure::<dyn Fn(Event)>::new(move |_| {
                let Some(stream) = there(&stream) else { return };
                if (stream.from)().is_none() {
                    source.close();
                    return;
                }
                (stream.live)(false);
                if source.ready_state() == EventSource::CLOSED {
                    stream.open_later();
                }
            })
        };
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Open {
            source,
            _message: message,
            _others: [opened, failed],
        }
    }

    fn open_later(self: &Rc<Self>) {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let stream = Rc::downgrade(self);
        self.life
            .after(pause(failures, js_sys::Math::random()), move || {
                if let Some(stream) = stream.upgrade() {
                    stream.open();
                }
            });
    }
}

/// The stream, while its component is there.
fn there(stream: &Weak<Stream>) -> Option<Rc<Stream>> {
    stream.upgrade().filter(|stream| stream.life.lasts())
}

/// A second after the first failure, then twice as long each time; a part of it is chance, so that after a restart not
/// all pages come at once.
fn pause(failures: i32, chance: f64) -> Duration {
    let longest = 2_f64.powi(failures.clamp(0, 16)).min(LONGEST);
    Duration::from_secs_f64(longest * (0.5 + chance.clamp(0.0, 1.0) / 2.0))
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let longest: Vec<f64> = [0, 1, 2, 3, 4, 5, 6, i32::MAX]
            .map(|failures| pause(failures, 1.0).as_secs_f64())
            .to_vec();
        assert_eq!(longest, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        assert!((pause(5, 0.0).as_secs_f64() - 15.0).abs() < f64::EPSILON);
    }
}
