use std::{future::Future, pin::Pin, sync::Arc};

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{Page, PitrWindow, Privilege, timeline::TimelineRow};

use crate::{
    clock::page_clock,
    components::{
        Board, Empty, Hands, Legend, Links, MarkTable, Moment, Occurring, Pagination, Style, load,
    },
    format::{count, counted},
    server_fns::timeline::{Range, TimelineAsk, get_timeline},
    use_session,
};

/// What a page shows of the time: the question, and the address that asks another one.
#[derive(Clone)]
pub(crate) struct Ask {
    /// The page's path.
    pub(crate) path: &'static str,
    /// What is shown.
    pub(crate) what: Memo<TimelineAsk>,
    /// The resources' names stand beside the lanes.
    pub(crate) named: bool,
}

impl Ask {
    fn address(&self, range: &Range) -> String {
        self.what.get_untracked().during(range).on(self.path)
    }

    fn links(&self) -> Links {
        let ask = self.clone();
        Links {
            restores: use_session().may(Privilege::Restore),
            page: Arc::new(move |range| ask.address(range)),
        }
    }
}

/// Lanes with the ways to earlier, later, closer and farther, their legend, table and files.
pub(crate) fn timeline_section(ask: Ask, window: Option<PitrWindow>) -> impl IntoView {
    let what = ask.what;
    let ask_named = ask.named;
    // Counts the times that the same stretch was asked for again, after the drawing had left it.
    let again = RwSignal::new(0_u32);
    let moved = RwSignal::new(false);
    let rows = Resource::new_blocking(
        move || (what.get(), again.get()),
        |(what, _)| get_timeline(what),
    );
    let choices = {
        let ask = ask.clone();
        move || {
            let chosen = ask.what.get();
            Range::CHOICES
                .into_iter()
                .map(|(name, label, _, _)| {
                    let is_chosen = chosen.range.name() == Some(name);
                    let current = move || (is_chosen && !moved.get()).then_some("true");
                    let href = chosen.during(&Range::named(name)).on(ask.path);
                    let ask_again = move |_| {
                        if is_chosen {
                            again.update(|times| *times += 1);
                        }
                    };
                    view! {
                        <li><a class="choice" href=href aria-current=current on:click=ask_again>{label}</a></li>
                    }
                })
                .collect_view()
        }
    };
    let whole = window.map(|window| {
        let href = ask.address(&Range::between(window.earliest, window.latest));
        view! { <li><a class="choice" href=href>"point-in-time window"</a></li> }
    });
    let ask = StoredValue::new(ask);
    view! {
        <section aria-labelledby="timeline-title">
            <div class="section-head">
                <h2 id="timeline-title">{if ask_named { "Recovery points over time" } else { "Timeline" }}</h2>
                <ul class="choices" aria-label="Length of time">{choices}{whole}</ul>
            </div>
            {load(rows, move |page| {
                if moved.get_untracked() {
                    moved.set(false);
                }
                show(page, &ask.get_value(), moved, again)
            })}
        </section>
    }
}

fn show(
    page: Page<TimelineRow>,
    ask: &Ask,
    moved: RwSignal<bool>,
    again: RwSignal<u32>,
) -> AnyView {
    let Some((from, until)) = page.items.first().map(|r| (r.lane.from, r.lane.until)) else {
        return view! {
            <Empty title="No resource matches">
                <p>"A timeline shows the resources of a list: filter by name, account, type or state."</p>
                <p><a class="button" href=TimelineAsk::PATH>"Show all"</a></p>
            </Empty>
        }
        .into_any();
    };
    let way = |range: Option<Range>, text: &'static str| {
        range.map(|range| {
            view! { <li><a class="choice" href=ask.address(&range)>{text}</a></li> }
        })
    };
    let ways = view! {
        <ul class="choices" aria-label="Move and zoom">
            {way(Range::moved(from, until, -1), "earlier")}
            {way(Range::moved(from, until, 1), "later")}
            {way(Range::zoomed(from, until, true), "closer")}
            {way(Range::zoomed(from, until, false), "farther")}
        </ul>
    }
    .into_any();
    let pages = ask.named.then(|| pagination(&page, ask));
    let rows = page.items;
    let shown = Occurring::on(rows.iter().map(|row| &row.lane));
    let points = rows.iter().map(|row| row.lane.points()).sum();
    let points = counted(points, "recovery point", "recovery points");
    let seen = RwSignal::new((from, until));
    let stretch = move || {
        let (from, until) = seen.get();
        let points = (!moved.get()).then(|| format!(": {points}"));
        view! {
            <Moment at=from style=Style::Exact/> " to " <Moment at=until style=Style::Exact/> {points}
        }
    };
    let file = {
        let what = ask.what.get_untracked();
        move |name: &'static str, label: &'static str| {
            let what = what.clone();
            let href = move || {
                let (from, until) = seen.get();
                let what = what.during(&Range::between(from, until));
                what.on(&format!("/timeline/export.{name}"))
            };
            view! { <li><a class="choice" href=href download=format!("timeline.{name}")>{label}</a></li> }
        }
    };
    let now = page_clock().now_once();
    let planned = rows
        .first()
        .and_then(|row| row.lane.planned_until)
        .filter(|planned| *planned < until)
        .map(|planned| {
            view! {
                <p class="cell-note">
                    "What backup plans will do is worked out until "
                    <Moment at=planned style=Style::Exact/> "."
                </p>
            }
        });
    let hands = hands(ask, seen, moved, again);
    view! {
        <Board rows=rows.clone() links=ask.links() now named=ask.named ways hands=Some(hands)/>
        <div class="lane-foot">
            <p>{stretch}</p>
            <ul class="choices" aria-label="Save as a file">{file("svg", "SVG")}{file("csv", "CSV")}</ul>
        </div>
        {planned}
        <Legend shown/>
        {pages}
        <details class="disclosure">
            <summary>"View as table"</summary>
            <MarkTable rows links=ask.links()/>
        </details>
    }
    .into_any()
}

/// How the hydrated drawing loads what is seen, and tells of it in the address.
fn hands(
    ask: &Ask,
    seen: RwSignal<(Timestamp, Timestamp)>,
    moved: RwSignal<bool>,
    again: RwSignal<u32>,
) -> Hands {
    let what = ask.what.get_untracked();
    let path = ask.path;
    let page_asks = ask.what;
    let asked = move || (page_asks.try_get_untracked(), again.try_get_untracked());
    let answered = asked();
    let load = {
        let what = what.clone();
        move |range: Range, columns: u16| {
            let mut what = what.during(&range);
            what.columns = columns;
            let rows = async move { get_timeline(what).await.map(|page| page.items) };
            Box::pin(rows) as Pin<Box<dyn Future<Output = _> + Send>>
        }
    };
    let tell = Callback::new(move |(from, until)| {
        // Another stretch is on the way, and the address is that one's.
        if asked() != answered {
            return;
        }
        // The first view is what the address says already.
        if seen
            .try_get_untracked()
            .is_some_and(|before| before != (from, until))
        {
            seen.set((from, until));
            moved.set(true);
            // The address may be that of the next page already, while this one still shows.
            if window().location().pathname().ok().as_deref() != Some(path) {
                return;
            }
            let address = what.during(&Range::between(from, until)).on(path);
            let history = window().history();
            // A browser that refuses keeps the address that it has.
            let _ = history.and_then(|history| {
                let state = history.state()?;
                history.replace_state_with_url(&state, "", Some(&address))
            });
        }
    });
    Hands {
        load: Arc::new(load),
        seen: tell,
    }
}

/// The way through the list whose resources are shown.
fn pagination(page: &Page<TimelineRow>, ask: &Ask) -> impl IntoView + use<> {
    let what = ask.what.get_untracked();
    let shown = counted(page.items.len() as u64, "resource", "resources");
    let summary = match page.total {
        Some(total) => format!("{shown} on this page, {} in all", count(total)),
        None => format!("{shown} on this page"),
    };
    let at = |list| TimelineAsk {
        list,
        ..what.clone()
    };
    let first = (!what.list.cursor.is_empty()).then(|| at(what.list.first()).on(ask.path));
    let next = page
        .next
        .as_deref()
        .map(|cursor| at(what.list.after(cursor)).on(ask.path));
    view! { <Pagination summary first next/> }
}
