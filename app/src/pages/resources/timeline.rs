use leptos::prelude::*;
use tidemark_domain::{
    Arn, PitrWindow, PointSource,
    timeline::{Lane, Mark},
};

use crate::{
    clock::page_clock,
    components::{LaneView, Legend, Moment, Style, load},
    format::counted,
    pages::search,
    query::Query,
    server_fns::timeline::{Range, get_lane},
    wizard::{Step, Wizard},
};

/// The resource over time, with the ways to earlier, later, closer and farther.
pub(super) fn timeline_section(
    arn: Arn,
    window: Option<PitrWindow>,
    wizard: Option<Wizard>,
) -> impl IntoView {
    let search = search();
    let range = Memo::new(move |_| Range::parse(&search.get()));
    let resource = arn.to_string();
    let lane = Resource::new_blocking(
        move || range.get(),
        move |range| get_lane(resource.clone(), range),
    );
    let choices = {
        let arn = arn.clone();
        move || {
            let chosen = range.get();
            Range::CHOICES
                .into_iter()
                .map(|(name, label, _)| {
                    let current = (chosen.name() == Some(name)).then_some("true");
                    let href = address(&arn, &Range::named(name));
                    view! { <li><a class="choice" href=href aria-current=current>{label}</a></li> }
                })
                .collect_view()
        }
    };
    let whole = window.map(|window| {
        let href = address(&arn, &Range::between(window.earliest, window.latest));
        view! { <li><a class="choice" href=href>"point-in-time window"</a></li> }
    });
    let context = StoredValue::new((arn, wizard));
    view! {
        <section aria-labelledby="timeline-title">
            <div class="section-head">
                <h2 id="timeline-title">"Timeline"</h2>
                <ul class="choices" aria-label="Length of time">{choices}{whole}</ul>
            </div>
            {load(lane, move |lane| {
                let (arn, wizard) = context.get_value();
                show(lane, &arn, wizard).into_any()
            })}
        </section>
    }
}

fn show(lane: Lane, arn: &Arn, wizard: Option<Wizard>) -> impl IntoView + use<> {
    let (from, until) = (lane.from, lane.until);
    let hrefs = lane
        .marks
        .iter()
        .map(|mark| mark_href(mark, &lane, arn, wizard.as_ref()))
        .collect();
    let second = lane
        .band
        .and(wizard)
        .map(|wizard| wizard.at(Step::Where).href());
    let way = |range: Option<Range>, text: &'static str| {
        range.map(|range| {
            view! { <li><a class="choice" href=address(arn, &range)>{text}</a></li> }
        })
    };
    let moves = view! {
        {way(Range::moved(from, until, -1), "earlier")}
        {way(Range::moved(from, until, 1), "later")}
        {way(Range::zoomed(from, until, true), "closer")}
        {way(Range::zoomed(from, until, false), "farther")}
    };
    let sources = sources_of(&lane);
    let points = counted(lane.points, "recovery point", "recovery points");
    view! {
        <LaneView lane hrefs wizard=second now=page_clock().now_once()/>
        <div class="lane-foot">
            <p>
                <Moment at=from style=Style::Exact/> " to " <Moment at=until style=Style::Exact/>
                ": " {points}
            </p>
            <ul class="choices" aria-label="Move and zoom">{moves}</ul>
        </div>
        <Legend sources/>
    }
}

/// A mark of one point starts its restore; a mark of many goes closer, until they come apart.
fn mark_href(mark: &Mark, lane: &Lane, arn: &Arn, wizard: Option<&Wizard>) -> String {
    let column = lane.until.duration_since(lane.from) / i32::from(Range::COLUMNS);
    let around = || {
        let from = mark.at.checked_sub(column * 2).ok()?;
        let until = mark.at.checked_add(column * 2).ok()?;
        (column.as_secs() > 10).then(|| address(arn, &Range::between(from, until)))
    };
    match (mark.count, wizard) {
        (2.., _) => around().unwrap_or_else(|| "#points-title".to_owned()),
        (_, Some(wizard)) => {
            let mut wizard = wizard.clone();
            wizard.point = mark.arn.to_string();
            wizard.step = Some(Step::When);
            wizard.href()
        }
        (_, None) => "#points-title".to_owned(),
    }
}

fn sources_of(lane: &Lane) -> Vec<PointSource> {
    let mut sources: Vec<PointSource> = Vec::new();
    for mark in &lane.marks {
        if !sources.contains(&mark.source) {
            sources.push(mark.source);
        }
    }
    sources
}

fn address(arn: &Arn, range: &Range) -> String {
    let mut query = Query::default();
    query.push("arn", arn.as_str());
    range.push_to(&mut query);
    query.on("/resources/view")
}
