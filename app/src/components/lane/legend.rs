use leptos::prelude::*;
use tidemark_domain::{
    PointSource,
    timeline::{BandKind, Lane, MarkKind},
};

use super::mark::{LOCK, outline, sign};

/// What the marks of lanes mean: what occurs on them, and what always may.
#[component]
pub(crate) fn Legend(
    /// The kinds that occur.
    shown: Occurring,
) -> impl IntoView {
    let shapes = shown.sources.into_iter().map(shape).collect_view();
    let signs = shown.kinds.into_iter().filter_map(lines).collect_view();
    let bands = shown.bands.into_iter().map(band).collect_view();
    view! {
        <ul class="legend" aria-label="Meaning of the marks">
            {shapes}
            <li>
                <svg class="legend-sign mark" data-tier="warm" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path class="mark-shape" d=outline(PointSource::AwsBackup)></path>
                </svg>
                "warm"
            </li>
            <li>
                <svg class="legend-sign mark" data-tier="cold" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path class="mark-shape" d=outline(PointSource::AwsBackup)></path>
                </svg>
                "cold"
            </li>
            <li>
                <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path class="lane-lock" d=LOCK></path>
                </svg>
                "locked"
            </li>
            <li><span aria-hidden="true">"!"</span> " problem"</li>
            {signs}
            {bands}
        </ul>
    }
}

fn shape(source: PointSource) -> impl IntoView {
    view! {
        <li>
            <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                <path d=outline(source)></path>
            </svg>
            {source.as_str()}
        </li>
    }
}

fn lines(kind: MarkKind) -> Option<impl IntoView> {
    let lines = sign(kind)?;
    Some(view! {
        <li>
            <svg class="legend-sign mark" data-kind=kind.as_str() viewBox="-9 -9 18 18" aria-hidden="true">
                <path class="mark-lines" d=lines></path>
            </svg>
            {kind.one()}
        </li>
    })
}

fn band(kind: BandKind) -> impl IntoView {
    view! {
        <li>
            <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                <rect class="lane-band" data-kind=band_word(kind) x="-9" y="-6" width="18" height="12"></rect>
            </svg>
            {kind.as_str()}
        </li>
    }
}

/// The value of the attribute that the styles go by.
pub(super) const fn band_word(kind: BandKind) -> &'static str {
    match kind {
        BandKind::PointInTime => "point_in_time",
        BandKind::Continuous => "continuous",
        BandKind::Versions => "versions",
        BandKind::Records => "records",
        BandKind::Gap => "gap",
    }
}

/// What occurs on lanes, each once, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Occurring {
    sources: Vec<PointSource>,
    kinds: Vec<MarkKind>,
    bands: Vec<BandKind>,
}

impl Occurring {
    /// What occurs on these lanes. What may go wrong is always explained.
    pub(crate) fn on<'a>(lanes: impl IntoIterator<Item = &'a Lane>) -> Self {
        let mut kinds = vec![
            MarkKind::Failed,
            MarkKind::Missed,
            MarkKind::Pruned,
            MarkKind::Deleted,
        ];
        let mut occurring = Self::default();
        for lane in lanes {
            for mark in &lane.marks {
                add(&mut kinds, mark.kind);
                for (look, _) in &mark.looks {
                    add(&mut occurring.sources, look.source);
                }
            }
            for band in &lane.bands {
                add(&mut occurring.bands, band.kind);
            }
        }
        kinds.sort_unstable();
        occurring.sources.sort_unstable();
        occurring.bands.sort_unstable();
        occurring.kinds = kinds;
        occurring
    }
}

fn add<T: PartialEq>(to: &mut Vec<T>, what: T) {
    if !to.contains(&what) {
        to.push(what);
    }
}
