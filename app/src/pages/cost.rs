use leptos::prelude::*;
use tidemark_domain::cost::{CostLine, CostReport, Estimate, Price};

use crate::{
    components::{Column, Disclosure, Notice, PageHead, Stat, Table, Tone, load},
    format::{bytes, count, money},
    server_fns::cost::get_cost_report,
};

/// What backups cost in a month, by estimate.
#[component]
pub(crate) fn CostPage() -> impl IntoView {
    let report = Resource::new_blocking(|| (), |()| get_cost_report());
    view! {
        <PageHead title="Cost"/>
        {load(report, |report| show(report).into_any())}
    }
}

fn show(report: CostReport) -> impl IntoView {
    let total = report.total;
    let currency = total.currency.clone();
    let as_of = format!("prices as of {}", total.as_of);
    let unpriced: Vec<String> = total.unpriced.iter().map(ToString::to_string).collect();
    let missing = (!unpriced.is_empty()).then(|| {
        view! {
            <p>{format!("There is no price for {}: what they store is counted, what it costs is not.", unpriced.join(", "))}</p>
        }
    });
    view! {
        <Notice tone=Tone::Neutral title="An estimate, not a bill">
            <p>
                {format!("List prices of US East as of {}, each with its source below. ", total.as_of)}
                "Whole backups are counted: types that store only what changed cost less, and discounts and free tiers are not known here. "
                "Your own prices can be set in a file."
            </p>
            {missing}
        </Notice>
        <dl class="stats">
            <Stat label="A month of storage" value=money(total.monthly(), &currency) note=as_of/>
            <Stat label="Warm" value=money(total.stored.warm, &currency) note=bytes(total.stored.warm_bytes)/>
            <Stat label="Cold" value=money(total.stored.cold, &currency) note=bytes(total.stored.cold_bytes)/>
            <Stat label="Recovery points" value=count(total.stored.points)/>
        </dl>
        {table("By account", "account", report.accounts)}
        {table("By plan", "plan", report.plans)}
        {table("By type", "type", report.types)}
        <section aria-labelledby="prices-title">
            <h2 id="prices-title">"Prices"</h2>
            <Disclosure summary="Every price with its source and date">
                {prices(report.prices.prices, &currency)}
            </Disclosure>
        </section>
    }
}

fn table(title: &'static str, what: &'static str, lines: Vec<CostLine>) -> impl IntoView {
    let id = format!("cost-{what}");
    let labelled_by = id.clone();
    let rows = lines.into_iter().map(|line| row(line, what)).collect_view();
    view! {
        <section aria-labelledby=labelled_by>
            <h2 id=id>{title}</h2>
            <Table
                label=title
                columns=vec![
                    Column::text(match what { "account" => "Account", "plan" => "Plan", _ => "Type" }),
                    Column::number("A month"),
                    Column::number("Warm"),
                    Column::number("Cold"),
                    Column::number("Stored"),
                    Column::number("Points"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
}

fn row(line: CostLine, what: &str) -> impl IntoView + use<> {
    let Estimate {
        stored,
        currency,
        unpriced,
        ..
    } = line.estimate.clone();
    let name = match (line.name.is_empty(), line.id.is_empty()) {
        (false, _) => line.name,
        (true, false) if what == "plan" => "a plan that is gone".to_owned(),
        (true, false) => line.id.clone(),
        (true, true) => "no plan".to_owned(),
    };
    let note = (what != "type" && !line.id.is_empty() && name != line.id)
        .then(|| view! { <p class="cell-note">{line.id}</p> });
    let some = (!unpriced.is_empty()).then_some(" and more, without a price");
    view! {
        <tr>
            <td class="cell-name">{name} {note}</td>
            <td class="numeric">{money(line.estimate.monthly(), &currency)} {some}</td>
            <td class="numeric">{money(stored.warm, &currency)}</td>
            <td class="numeric">{money(stored.cold, &currency)}</td>
            <td class="numeric">{bytes(stored.warm_bytes.saturating_add(stored.cold_bytes))}</td>
            <td class="numeric">{count(stored.points)}</td>
        </tr>
    }
}

fn prices(prices: Vec<Price>, currency: &str) -> impl IntoView + use<> {
    let currency = currency.to_owned();
    let rows = prices
        .into_iter()
        .map(|price| {
            let everything = |text: &str| {
                if text == "*" { "all".to_owned() } else { text.to_owned() }
            };
            view! {
                <tr>
                    <td>{everything(&price.resource_type)}</td>
                    <td>{everything(&price.region)}</td>
                    <td>{price.kind.as_str()}</td>
                    <td class="numeric">{format!("{} {currency}", price.amount)}</td>
                    <td class="cell-wide">{price.source} {price.note.map(|note| view! { <p class="cell-note">{note}</p> })}</td>
                    <td>{price.date.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Prices" columns=vec![
            Column::text("Type"), Column::text("Region"), Column::text("Of"), Column::number("Amount"),
            Column::text("Source"), Column::text("Date"),
        ]>{rows}</Table>
    }
}
