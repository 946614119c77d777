use leptos::prelude::*;
use tidemark_domain::{
    cost::{FutureFailure, FutureMonth, PlanFuture, TakenType},
    simulate::SimFailureKind,
};

use crate::{
    components::{
        Column, Crumb, Empty, Moment, MonthBars, Notice, PageHead, Stat, Style, Table, Tone,
        load_page,
    },
    format::{bytes, count, counted, money},
    pages::search,
    server_fns::plans::{PlanAddress, plan_future},
};

/// What a plan will keep, what that costs and how far back it reaches.
#[component]
pub(crate) fn PlanFuturePage() -> impl IntoView {
    let search = search();
    let address = Memo::new(move |_| PlanAddress::parse(&search.get()));
    let future = Resource::new_blocking(move || address.get(), plan_future);
    load_page(future, move |future| {
        show(future, &address.get_untracked()).into_any()
    })
}

fn show(future: PlanFuture, address: &PlanAddress) -> impl IntoView + use<> {
    let plan = address.on("/plans/view");
    let selections = plan.clone();
    let body = if future.taken.is_empty() {
        view! {
            <Empty title="The plan takes nothing">
                <p>"None of the resources that are known today match its selections, so it will make no backup."</p>
                <p><a class="button" href=selections>"Look at its selections"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        body(&future).into_any()
    };
    view! {
        <PageHead
            title=format!("What {} will keep", future.name)
            crumbs=vec![Crumb::new("Plans", "/plans"), Crumb::new("The plan", plan)]
        />
        {body}
    }
}

fn body(future: &PlanFuture) -> impl IntoView + use<> {
    let costs = future.months.iter().map(|month| month.cost.clone());
    view! {
        <p class="lead">
            "The backups that this plan makes from " <Moment at=future.from style=Style::Exact/>
            " on, beginning with none, for the resources selected today. What its vaults hold already comes on top."
        </p>
        {figures(future)}
        {estimate(future)}
        {failures(&future.failures)}
        <section aria-labelledby="months-title">
            <h2 id="months-title">"Month by month"</h2>
            <MonthBars months=costs.collect() currency=future.currency.clone()/>
            {months(future)}
        </section>
        <section aria-labelledby="taken-title">
            <h2 id="taken-title">"Selected resources"</h2>
            {taken(&future.taken)}
        </section>
    }
}

/// Where it all leads to.
fn figures(future: &PlanFuture) -> Option<impl IntoView + use<>> {
    let last = future.last_whole()?;
    let level = match future.level_from() {
        Some(month) => format!(
            "storage is the same from {} on",
            month.cost.month.strftime("%B %Y")
        ),
        None => "and still growing".to_owned(),
    };
    let month = last.cost.month.strftime("%B %Y").to_string();
    let points = last.warm_points + last.cold_points;
    let kept = match (last.warm_bytes, last.cold_bytes) {
        (_, 0) => "all of it warm".to_owned(),
        (0, _) => "all of it cold".to_owned(),
        (warm, cold) => format!("{} warm, {} cold", bytes(warm), bytes(cold)),
    };
    let days = last
        .furthest
        .map(|furthest| last.at.duration_since(furthest).as_hours() / 24);
    let reach = match days {
        Some(days) => counted(u64::try_from(days).unwrap_or(0), "day", "days"),
        None => "never".to_owned(),
    };
    Some(view! {
        <dl class="stats">
            <Stat label="A month then" value=money(last.cost.total(), &future.currency) note=level/>
            <Stat label="Recovery points" value=count(points) note=format!("at the end of {month}")/>
            <Stat label="Stored" value=bytes(last.warm_bytes.saturating_add(last.cold_bytes)) note=kept/>
            <Stat label="Every resource goes back" value=reach note=format!("at the end of {month}")/>
        </dl>
    })
}

/// What the amounts leave out.
fn estimate(future: &PlanFuture) -> impl IntoView + use<> {
    let without_size: u64 = future.taken.iter().map(|one| one.without_size).sum();
    let without_size = (without_size > 0).then(|| {
        let which = counted(without_size, "resource", "resources");
        view! { <p>{format!("The size of {which} is not known: they count as empty.")}</p> }
    });
    let unpriced: Vec<String> = future
        .taken
        .iter()
        .filter(|one| !one.priced)
        .map(|one| one.resource_type.to_string())
        .collect();
    let unpriced = (!unpriced.is_empty()).then(|| {
        view! { <p>{format!("There is no price for {}.", unpriced.join(", "))}</p> }
    });
    let prices = format!(
        "List prices as of {} and whole backups of today's sizes. ",
        future.as_of
    );
    view! {
        <Notice tone=Tone::Neutral title="An estimate, not a bill">
            <p>
                {prices}
                "Types that store only what changed cost less."
            </p>
            {without_size}
            {unpriced}
        </Notice>
    }
}

/// Jobs that are known today to make nothing.
fn failures(failures: &[FutureFailure]) -> AnyView {
    if failures.is_empty() {
        return ().into_any();
    }
    let rows = failures
        .iter()
        .map(|failure| {
            let what = match failure.kind {
                SimFailureKind::Missed => "is missed",
                SimFailureKind::Failed => "fails",
                SimFailureKind::Aborted => "is broken off",
                SimFailureKind::CopyFailed => "fails to copy",
            };
            let text = format!(
                "Rule {} {what} for {} of type {}, {}: {}",
                failure.rule,
                counted(failure.resources, "resource", "resources"),
                failure.resource_type,
                counted(failure.times, "time each", "times each"),
                failure.why
            );
            view! { <li>{text} " First " <Moment at=failure.first style=Style::Exact/> "."</li> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Bad title="Some jobs are sure to make no backup">
            <ul>{rows}</ul>
        </Notice>
    }
    .into_any()
}

fn months(future: &PlanFuture) -> impl IntoView + use<> {
    let rows = future
        .months
        .iter()
        .map(|month| row(month, &future.currency))
        .collect_view();
    view! {
        <Table label="Months" columns=vec![
            Column::text("Month"), Column::number("Cost"), Column::number("Warm"), Column::number("Cold"),
            Column::number("Copies"), Column::number("Points"), Column::number("Stored"),
            Column::text("Every resource goes back to"),
        ]>{rows}</Table>
    }
}

fn row(month: &FutureMonth, currency: &str) -> impl IntoView + use<> {
    let cost = &month.cost;
    let part = (!month.is_whole()).then(|| view! { <p class="cell-note">"not all of it"</p> });
    let reach = match month.furthest {
        Some(at) => view! { <Moment at style=Style::Exact/> }.into_any(),
        None => view! { <span class="muted">"one has no backup yet"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{cost.month.strftime("%B %Y").to_string()} {part}</th>
            <td class="numeric">{money(cost.total(), currency)}</td>
            <td class="numeric">{money(cost.warm, currency)}</td>
            <td class="numeric">{money(cost.cold, currency)}</td>
            <td class="numeric">{money(cost.copies, currency)}</td>
            <td class="numeric">{count(month.warm_points + month.cold_points)}</td>
            <td class="numeric">{bytes(month.warm_bytes.saturating_add(month.cold_bytes))}</td>
            <td class="nowrap">{reach}</td>
        </tr>
    }
}

fn taken(taken: &[TakenType]) -> impl IntoView + use<> {
    let rows = taken
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.resource_type.to_string()}</th>
                    <td class="numeric">{count(one.resources)}</td>
                    <td class="numeric">{bytes(one.bytes)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Resources by type" columns=vec![
            Column::text("Type"), Column::number("Resources"), Column::number("Size together"),
        ]>{rows}</Table>
    }
}
