use std::collections::HashMap;

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::timeline::{BandKind, Lane, MarkKind, position};

use super::{
    layout::{percent, place, spread, stretch, ticks},
    legend::band_word,
    mark::mark,
    markup::{Markup, escape},
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
    let label = summary(&name, &lane);
    let drawing = draw(&lane, &hrefs, now);
    view! {
        <svg class="lane-drawing" width="100%" height=HEIGHT role="group" aria-label=label inner_html=drawing></svg>
    }
}

fn draw(lane: &Lane, hrefs: &[String], now: Timestamp) -> String {
    let (from, until) = (lane.from, lane.until);
    let mut to = Markup::default();
    for tick in ticks(from, until, 7) {
        upright(&mut to, "lane-tick", &place(tick.at, from, until));
    }
    track(&mut to, Track::Points);
    if lane.marks.iter().any(|mark| mark.kind == MarkKind::Copy) {
        track(&mut to, Track::Copies);
    }
    for band in &lane.bands {
        if let Some((x, width)) = stretch((band.from, band.until), from, until) {
            to.push(format_args!(
                "<rect class=\"lane-band\" data-kind=\"{}\" x=\"{x}\" y=\"{}\" width=\"{width}\" \
                 height=\"24\" rx=\"3\"/>",
                band_word(band.kind),
                Track::Points.y() - 12
            ));
        }
    }
    if (from..=until).contains(&now) {
        upright(&mut to, "lane-now", &place(now, from, until));
    }
    let spots = spots(lane);
    let places = places(&spots, from, until);
    join(&mut to, &spots, &places);
    for ((spot, x), href) in spots.iter().zip(&places).zip(hrefs) {
        mark(&mut to, spot, &percent(*x), href);
    }
    to.into_string()
}

fn upright(to: &mut Markup, class: &str, x: &str) {
    to.push(format_args!(
        "<line class=\"{class}\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{HEIGHT}\"/>"
    ));
}

fn track(to: &mut Markup, track: Track) {
    let y = track.y();
    to.push(format_args!(
        "<line class=\"lane-track\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>"
    ));
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
fn join(to: &mut Markup, spots: &[Spot<'_>], places: &[f64]) {
    let mut made: HashMap<&str, (&Spot<'_>, f64)> = HashMap::new();
    for (spot, at) in spots.iter().zip(places) {
        if let Some(only) = spot.one().and_then(|mark| mark.only.as_ref()) {
            made.insert(only.key.as_str(), (spot, *at));
        }
    }
    for (copy, at) in spots.iter().zip(places) {
        let only = copy.one().and_then(|mark| mark.only.as_ref());
        let source = only.and_then(|only| only.copied_from.as_ref());
        if let Some((spot, from)) = source.and_then(|source| made.get(source.as_str())) {
            to.push(format_args!(
                "<line class=\"lane-copy\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                percent(*from),
                spot.track.y(),
                percent(*at),
                copy.track.y()
            ));
        }
    }
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
    let mut to = Markup::default();
    for tick in ticks(from, until, 7) {
        to.push(format_args!(
            "<text class=\"lane-label\" x=\"{}\" y=\"16\" text-anchor=\"middle\">{}</text>",
            place(tick.at, from, until),
            escape(&tick.label)
        ));
    }
    to.push(format_args!(
        "<text class=\"lane-label\" x=\"4\" y=\"30\">UTC</text>"
    ));
    if (from..=until).contains(&now) {
        to.push(format_args!(
            "<text class=\"lane-now-label\" x=\"{}\" y=\"30\" text-anchor=\"middle\">now</text>",
            place(now, from, until)
        ));
    }
    view! {
        <svg class="lane-scale" width="100%" height="36" aria-hidden="true" inner_html=to.into_string()></svg>
    }
}

/// So many gaps are told one by one.
const FEW_GAPS: usize = 3;

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
    let gaps = lane.bands.iter().filter(|band| band.kind == BandKind::Gap);
    let gaps = gaps.count();
    if gaps > FEW_GAPS {
        text.push_str("; ");
        text.push_str(&counted(gaps as u64, "gap", "gaps"));
        text.push_str(" in the record-level backup");
    }
    let told = lane.bands.iter();
    for band in told.filter(|band| band.kind != BandKind::Gap || gaps <= FEW_GAPS) {
        for part in [
            "; ",
            band.kind.as_str(),
            " from ",
            &utc(band.from),
            " to ",
            &utc(band.until),
        ] {
            text.push_str(part);
        }
    }
    text
}
