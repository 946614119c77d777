use jiff::Timestamp;
use leptos::{
    ev::{MouseEvent, PointerEvent},
    prelude::*,
};
use tidemark_domain::timeline::Lane;
use wasm_bindgen::JsCast;

use super::layout::{moment_at, place};
use crate::{
    clock::{local, page_clock},
    format::{date_and_time, utc},
    query::encode,
};

/// Whether a mark was clicked: its link leads elsewhere.
pub(super) fn hits_link(event: &MouseEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("a").ok().flatten())
        .is_some()
}

/// From, until, and the seconds between that can be restored.
type Extent = (Timestamp, Timestamp, Option<(Timestamp, Timestamp)>);

/// What the pointer of a hydrated page points at.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    at: RwSignal<Option<Timestamp>>,
    lane: StoredValue<Extent>,
}

impl Cursor {
    pub(super) fn over(lane: &Lane) -> Self {
        let band = lane.band.map(|band| (band.earliest, band.latest));
        Self {
            at: RwSignal::new(None),
            lane: StoredValue::new((lane.from, lane.until, band)),
        }
    }

    /// Follows the pointer.
    pub(super) fn follow(self, event: &PointerEvent) {
        let Some(element) = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        else {
            return;
        };
        let rect = element.get_bounding_client_rect();
        let fraction = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        let (from, until, _) = self.lane.get_value();
        self.at.set(Some(moment_at(fraction, from, until)));
    }

    /// Forgets the pointer.
    pub(super) fn leave(self) {
        self.at.set(None);
    }

    /// The restorable second under the pointer.
    fn restorable(self) -> Option<Timestamp> {
        let (_, _, band) = self.lane.get_value();
        let (first, last) = band?;
        self.at.get().filter(|at| (first..=last).contains(at))
    }

    /// The line under the pointer.
    pub(super) fn line(self) -> impl IntoView {
        move || {
            self.at.get().map(|at| {
                let (from, until, _) = self.lane.get_value();
                let x = place(at, from, until);
                view! { <line class="lane-cursor" x1=x.clone() x2=x y1="6" y2="72"></line> }
            })
        }
    }

    /// What the pointer reads.
    pub(super) fn readout(self) -> impl IntoView {
        let clock = page_clock();
        move || {
            let at = self.at.get()?;
            let shown = if clock.hydrated() { local(at) } else { utc(at) };
            Some(match self.restorable() {
                Some(_) => format!("Restorable to {shown}"),
                None => format!("{shown}: only by a recovery point"),
            })
        }
    }

    /// Where a click leads: to the wizard, with this very second.
    pub(super) fn address(self, wizard: &str) -> Option<String> {
        let (date, time) = date_and_time(self.restorable()?);
        Some(format!("{wizard}&date={date}&time={}", encode(&time)))
    }
}
