use std::{future::Future, pin::Pin, sync::Arc};

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::timeline::TimelineRow;

use super::{
    Links,
    canvas_view::LaneCanvas,
    spot::spots,
    view::{LaneScale, LaneView},
};
use crate::{
    clock::page_clock, components::ProtectionBadge, error::AppError, query::link,
    server_fns::timeline::Range,
};

/// Loads the same lanes for another stretch of time, by so many columns.
pub(crate) type Load = Arc<
    dyn Fn(Range, u16) -> Pin<Box<dyn Future<Output = Result<Vec<TimelineRow>, AppError>> + Send>>
        + Send
        + Sync,
>;

/// What a hydrated timeline asks of its page.
#[derive(Clone)]
pub(crate) struct Hands {
    /// Loads lanes.
    pub(crate) load: Load,
    /// Hears which stretch of time is seen.
    pub(crate) seen: Callback<(Timestamp, Timestamp)>,
}

/// Lanes of one time below each other. Drawn by the server with links alone; the hydrated page draws
/// them on a canvas that zooms and moves.
#[component]
pub(crate) fn Board(
    /// The lanes: all of one stretch of time.
    rows: Vec<TimelineRow>,
    /// Where marks lead.
    links: Links,
    /// Where "now" is.
    now: Timestamp,
    /// The resources' names stand beside the lanes; not so on the page of a resource.
    #[prop(default = true)]
    named: bool,
    /// The ways to other stretches of time, for pages without a hydrated drawing.
    #[prop(optional)]
    ways: Option<AnyView>,
    /// What the hydrated drawing needs; without it, it stays as the server drew it.
    #[prop(optional_no_strip)]
    hands: Option<Hands>,
) -> impl IntoView {
    let Some((from, until)) = rows.first().map(|row| (row.lane.from, row.lane.until)) else {
        return ().into_any();
    };
    let clock = page_clock();
    let canvas = hands.map(|hands| {
        let (rows, links) = (rows.clone(), links.clone());
        move || {
            let (rows, links, hands) = (rows.clone(), links.clone(), hands.clone());
            clock
                .hydrated()
                .then(|| view! { <LaneCanvas rows links now hands/> })
        }
    });
    let live = canvas.is_some();
    let lanes = rows
        .into_iter()
        .map(|row| {
            let hrefs = spots(&row.lane)
                .iter()
                .map(|spot| links.of(spot, &row.lane, &row.resource))
                .collect();
            let name = row.resource.name.clone();
            let title = named.then(|| title(&row));
            view! {
                <li class="board-row">
                    {title}
                    <div class="board-lane"><LaneView lane=row.lane name hrefs now/></div>
                </li>
            }
        })
        .collect_view();
    let class = if named { "board" } else { "board board-single" };
    view! {
        <div class=class data-live=move || (live && clock.hydrated()).then_some("true")>
            <div class="board-frame" role="group" aria-label="Lanes" tabindex="0">
                <div class="board-body">
                    <div class="board-head"><LaneScale from until now/></div>
                    <ol class="board-rows">{lanes}</ol>
                    {ways.map(|ways| view! { <div class="board-tools board-ways">{ways}</div> })}
                    {canvas}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn title(row: &TimelineRow) -> impl IntoView + use<> {
    let resource = &row.resource;
    let href = link("/resources/view", "arn", resource.arn.as_str());
    let account = if resource.alias.is_empty() {
        resource.account.to_string()
    } else {
        resource.alias.clone()
    };
    let place = format!("{account}, {}", resource.region);
    let gone = resource.deleted.then_some(", deleted");
    view! {
        <div class="board-name">
            <a class="row-link" href=href>{resource.name.clone()}</a>
            <p class="board-place">{resource.resource_type.to_string()}{gone} " · " {place}</p>
            <ProtectionBadge protection=resource.protection()/>
        </div>
    }
}
