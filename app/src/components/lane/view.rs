use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::timeline::{Lane, MarkKind, position};

use super::{
    layout::{percent, place, spread, stretch, ticks},
    legend::band_word,
    mark::mark,
    spot::{HEIGHT, Spot, Track, spots},
};
use crate::format::{counted, utc};

/// How far apart marks are at least: 24 pixels on a drawing of 960, the narrowest.
const GAP: f64 = 1.0 / 40.0;

/// One resource over time, drawn by the server: every mark is a link with a name.
#[component]
pub(crate) fn LaneView(
    /// What to draw.
    lane: Lane,
    /// Whose lane, in words.
    #[prop(into)]
    name: String,
    /// Where each place leads, in the order of [`spots`].
    hrefs: Vec<String>,
    /// Where "now" is.
    now: Timestamp,
) -> impl IntoView {
    let (from, until) = (lane.from, lane.until);
    let label = summary(&name, &lane);
    let lines = ticks(from, until, 7)
        .into_iter()
        .map(|tick| {
            let x = place(tick.at, from, until);
            view! { <line class="lane-tick" x1=x.clone() x2=x y1="0" y2=HEIGHT></line> }
        })
        .collect_view();
    let middle = Track::Points.y();
    let bands = lane
        .bands
        .iter()
        .filter_map(|band| {
            let (x, width) = stretch((band.from, band.until), from, until)?;
            Some(view! {
                <rect class="lane-band" data-kind=band_word(band.kind) x=x y=middle - 12 width=width height="24" rx="3"></rect>
            })
        })
        .collect_view();
    let copies = lane.marks.iter().any(|mark| mark.kind == MarkKind::Copy);
    let track = |y: i32| view! { <line class="lane-track" x1="0" x2="100%" y1=y y2=y></line> };
    let spots = spots(&lane);
    let places = places(&spots, from, until);
    let joined = joined(&spots, &places);
    let marks = spots
        .iter()
        .zip(&places)
        .zip(hrefs)
        .map(|((spot, x), href)| mark(spot, percent(*x), href))
        .collect_view();
    let today = (from..=until).contains(&now).then(|| {
        let x = place(now, from, until);
        view! { <line class="lane-now" x1=x.clone() x2=x y1="0" y2=HEIGHT></line> }
    });
    view! {
        <svg class="lane-drawing" width="100%" height=HEIGHT role="group" aria-label=label>
            {lines}
            {track(middle)}
            {copies.then(|| track(Track::Copies.y()))}
            {bands}
            {today}
            {joined}
            {marks}
        </svg>
    }
}

/// Where the places are drawn: where they belong, but so far apart on their track that each can be
/// hit.
fn places(spots: &[Spot<'_>], from: Timestamp, until: Timestamp) -> Vec<f64> {
    let mut places = Vec::with_capacity(spots.len());
    for track in [Track::Signs, Track::Points, Track::Copies] {
        let exact: Vec<f64> = spots
            .iter()
            .filter(|spot| spot.track == track)
            .map(|spot| position(spot.at, from, until))
            .collect();
        places.extend(spread(&exact, GAP));
    }
    places
}

/// Lines between copies and what they were copied from, where both stand alone.
fn joined(spots: &[Spot<'_>], places: &[f64]) -> impl IntoView + use<> {
    let key = |spot: &Spot<'_>| {
        let only = spot.one()?.only.as_ref()?;
        Some((only.key.clone(), only.copied_from.clone()))
    };
    let mut lines = Vec::new();
    for (copy, at) in spots.iter().zip(places) {
        let Some((_, Some(source))) = key(copy) else {
            continue;
        };
        let found = spots
            .iter()
            .zip(places)
            .find(|(spot, _)| key(spot).is_some_and(|(key, _)| key == source.as_str()));
        if let Some((spot, from)) = found {
            lines.push((percent(*from), spot.track.y(), percent(*at), copy.track.y()));
        }
    }
    lines
        .into_iter()
        .map(|(x1, y1, x2, y2)| view! { <line class="lane-copy" x1=x1 y1=y1 x2=x2 y2=y2></line> })
        .collect_view()
}

/// The scale above lanes of one time.
#[component]
pub(crate) fn LaneScale(
    /// First moment.
    from: Timestamp,
    /// Last moment.
    until: Timestamp,
    /// Where "now" is.
    now: Timestamp,
) -> impl IntoView {
    let labels = ticks(from, until, 7)
        .into_iter()
        .map(|tick| {
            let x = place(tick.at, from, until);
            view! { <text class="lane-label" x=x y="16" text-anchor="middle">{tick.label}</text> }
        })
        .collect_view();
    let today = (from..=until).contains(&now).then(|| {
        let x = place(now, from, until);
        view! { <text class="lane-now-label" x=x y="30" text-anchor="middle">"now"</text> }
    });
    view! {
        <svg class="lane-scale" width="100%" height="36" aria-hidden="true">
            {labels}
            {today}
        </svg>
    }
}

/// What a lane shows, in a sentence.
fn summary(name: &str, lane: &Lane) -> String {
    let mut text = format!(
        "{name} from {} to {}: {}",
        utc(lane.from),
        utc(lane.until),
        counted(lane.points(), "recovery point", "recovery points")
    );
    for kind in [
        MarkKind::Failed,
        MarkKind::Missed,
        MarkKind::Pruned,
        MarkKind::Deleted,
    ] {
        let number = lane.count(|other| other == kind);
        if number > 0 {
            text.push_str(", ");
            text.push_str(&counted(number, kind.one(), kind.many()));
        }
    }
    for band in &lane.bands {
        text.push_str(&format!(
            "; {} from {} to {}",
            band.kind.as_str(),
            utc(band.from),
            utc(band.until)
        ));
    }
    text
}
