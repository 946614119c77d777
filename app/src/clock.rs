//! The time as pages see it: the server's at first, so that hydration finds what was rendered, and
//! from then on the browser's ticks added to it.

use std::time::Duration;

use jiff::Timestamp;
use leptos::prelude::*;

use crate::alive::Life;

/// How often the page's time moves on.
const TICK: Duration = Duration::from_secs(15);

/// The page's time and whether moments may be shown in the browser's zone.
#[derive(Clone, Copy)]
pub(crate) struct PageClock {
    now: RwSignal<Timestamp>,
    hydrated: RwSignal<bool>,
}

impl PageClock {
    /// Begins at the server's time and, in a browser, goes on from there.
    pub(crate) fn start(server_now: Timestamp) -> Self {
        let clock = Self {
            now: RwSignal::new(server_now),
            hydrated: RwSignal::new(false),
        };
        Effect::new(move |_| {
            clock.hydrated.set(true);
            tick(clock.now);
        });
        clock
    }

    /// The time that relative times count from.
    pub(crate) fn now(self) -> Timestamp {
        self.now.get()
    }

    /// The same, without following it.
    pub(crate) fn now_once(self) -> Timestamp {
        self.now.get_untracked()
    }

    /// The page is hydrated: what only a browser knows may be shown.
    pub(crate) fn hydrated(self) -> bool {
        self.hydrated.get()
    }
}

/// The clock of this page.
pub(crate) fn page_clock() -> PageClock {
    use_context::<PageClock>().unwrap_or_else(|| PageClock {
        now: RwSignal::new(Timestamp::UNIX_EPOCH),
        hydrated: RwSignal::new(false),
    })
}

/// Counts by the browser's clock, whose steps are right even where its date is wrong.
fn tick(now: RwSignal<Timestamp>) {
    let (began_at, began) = (now.get_untracked(), js_sys::Date::now());
    Life::here().every(TICK, move || {
        let passed = jiff::SignedDuration::from_secs_f64((js_sys::Date::now() - began) / 1000.0);
        now.set(began_at + passed);
    });
}

/// A moment in the browser's zone. Only for hydrated pages.
pub(crate) fn local(at: Timestamp) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this age fit an f64"
    )]
    let date = js_sys::Date::new(&(at.as_millisecond() as f64).into());
    #[expect(
        clippy::cast_possible_truncation,
        reason = "offsets are whole minutes within a day"
    )]
    let offset = -(date.get_timezone_offset() as i32);
    crate::format::local(
        [
            date.get_full_year(),
            date.get_month() + 1,
            date.get_date(),
            date.get_hours(),
            date.get_minutes(),
            date.get_seconds(),
        ],
        offset,
    )
}
