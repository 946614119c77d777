use jiff::Timestamp;
use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use tidemark_domain::timeline::{Lane, position};

use super::{
    cursor::{Cursor, hits_link},
    layout::{percent, place, spread, stretch, ticks},
    mark::mark,
};
use crate::format::{counted, utc};

/// How far apart marks are at least: 24 pixels on a screen of 1,280.
const GAP: f64 = 1.0 / 48.0;

/// One resource over time. Without JavaScript its marks are links; hydrated, the pointer reads the
/// second below it and a click into the band restores to it.
#[component]
pub(crate) fn LaneView(
    /// What to draw.
    lane: Lane,
    /// Where each mark leads, in the marks' order.
    hrefs: Vec<String>,
    /// The wizard's address for a second of the band, to which date and time are added.
    wizard: Option<String>,
    /// Where "now" is.
    now: Timestamp,
) -> impl IntoView {
    let (from, until) = (lane.from, lane.until);
    let cursor = Cursor::over(&lane);
    let name = summary(&lane);
    let scale = ticks(from, until, 7)
        .into_iter()
        .map(|tick| {
            let x = place(tick.at, from, until);
            view! {
                <line class="lane-tick" x1=x.clone() x2=x.clone() y1="6" y2="76"></line>
                <text class="lane-label" x=x y="92" text-anchor="middle">{tick.label}</text>
            }
        })
        .collect_view();
    let band = lane
        .band
        .and_then(|band| stretch((band.earliest, band.latest), from, until))
        .map(|(x, width)| {
            view! { <rect class="lane-band" x=x y="30" width=width height="28" rx="3"></rect> }
        });
    let exact: Vec<f64> = lane
        .marks
        .iter()
        .map(|mark| position(mark.at, from, until))
        .collect();
    let marks = lane
        .marks
        .iter()
        .zip(spread(&exact, GAP))
        .zip(hrefs)
        .map(|((one, x), href)| mark(one, percent(x), href))
        .collect_view();
    let today = (from..=until).contains(&now).then(|| {
        let x = place(now, from, until);
        view! {
            <line class="lane-now" x1=x.clone() x2=x.clone() y1="6" y2="76"></line>
            <text class="lane-now-label" x=x y="14" dx="-4" text-anchor="end">"now"</text>
        }
    });
    let navigate = use_navigate();
    let clickable = wizard.is_some();
    let open = move |event: MouseEvent| {
        if hits_link(&event) {
            return;
        }
        if let Some(address) = wizard.as_deref().and_then(|wizard| cursor.address(wizard)) {
            navigate(&address, leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <figure class="lane" data-clickable=clickable.then_some("true")>
            <svg
                class="lane-drawing"
                width="100%"
                height="100"
                role="group"
                aria-label=name
                on:pointermove=move |event| cursor.follow(&event)
                on:pointerleave=move |_| cursor.leave()
                on:click=open
            >
                {scale}
                <line class="lane-track" x1="0" x2="100%" y1="44" y2="44"></line>
                {band}
                {today}
                {cursor.line()}
                {marks}
            </svg>
            <figcaption class="lane-readout" aria-hidden="true">{cursor.readout()}</figcaption>
        </figure>
    }
}

fn summary(lane: &Lane) -> String {
    let band = lane.band.map_or(String::new(), |band| {
        format!(
            "; any second from {} to {}",
            utc(band.earliest),
            utc(band.latest)
        )
    });
    format!(
        "Timeline from {} to {}: {}{band}",
        utc(lane.from),
        utc(lane.until),
        counted(lane.points, "recovery point", "recovery points")
    )
}
