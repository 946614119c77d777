use std::{future::Future, pin::Pin, sync::Arc};

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
    let rows = Resource::new_blocking(move || what.get(), get_timeline);
    let choices = {
        let ask = ask.clone();
        move || {
            let chosen = ask.what.get();
            Range::CHOICES
                .into_iter()
                .map(|(name, label, _, _)| {
                    let current = (chosen.range.name() == Some(name)).then_some("true");
                    let href = chosen.during(&Range::named(name)).on(ask.path);
                    view! { <li><a class="choice" href=href aria-current=current>{label}</a></li> }
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
            {load(rows, move |page| show(page, &ask.get_value()).into_any())}
        </section>
    }
}

fn show(page: Page<TimelineRow>, ask: &Ask) -> AnyView {
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
    let files = {
        let what = ask
            .what
            .get_untracked()
            .during(&Range::between(from, until));
        let file = |name: &str| what.on(&format!("/timeline/export.{name}"));
        view! {
            <li><a class="choice" href=file("svg") download="timeline.svg">"SVG"</a></li>
            <li><a class="choice" href=file("csv") download="timeline.csv">"CSV"</a></li>
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
    let hands = hands(ask);
    view! {
        <Board rows=rows.clone() links=ask.links() now named=ask.named ways hands=Some(hands)/>
        <div class="lane-foot">
            <p>
                <Moment at=from style=Style::Exact/> " to " <Moment at=until style=Style::Exact/>
                ": " {points}
            </p>
            <ul class="choices" aria-label="Save as a file">{files}</ul>
        </div>
        {planned}
        <Legend shown/>
        {pages}
        <details class="disclosure">
            <summary>"The same as a table"</summary>
            <MarkTable rows links=ask.links()/>
        </details>
    }
    .into_any()
}

/// How the hydrated drawing loads what is seen, and tells of it in the address.
fn hands(ask: &Ask) -> Hands {
    let what = ask.what.get_untracked();
    let path = ask.path;
    let load = {
        let what = what.clone();
        move |range: Range, columns: u16| {
            let mut what = what.during(&range);
            what.columns = columns;
            let rows = async move { get_timeline(what).await.map(|page| page.items) };
            Box::pin(rows) as Pin<Box<dyn Future<Output = _> + Send>>
        }
    };
    let first = StoredValue::new(true);
    let seen = Callback::new(move |(from, until)| {
        // The first view is what the address says already.
        if first.try_update_value(|first| std::mem::replace(first, false)) == Some(false) {
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
        seen,
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
