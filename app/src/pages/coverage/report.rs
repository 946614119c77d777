use leptos::prelude::*;
use tidemark_domain::{
    Page, Verdict,
    coverage::{
        AccountCoverage, ControlCount, Coverage, CoveragePage as Report, CoverageRow, DayCount,
    },
};

use super::trend::trend;
use crate::{
    components::{
        AccountLabel, Badge, Choice, Column, Empty, Field, GetForm, Moment, PageHead, Pagination,
        Select, Stat, Style, Table, Tone, load,
    },
    format::{count, counted},
    pages::{resources::resource_href, search},
    server_fns::coverage::{CoverageQuery, get_coverage},
};

const PATH: &str = "/coverage";

/// Who is protected how, what the controls say, and which resources fail them.
#[component]
pub(crate) fn CoveragePage() -> impl IntoView {
    let search = search();
    let report = Resource::new_blocking(
        move || search.get(),
        |query| get_coverage(CoverageQuery::parse(&query)),
    );
    let csv = move || CoverageQuery::parse(&search.get()).href("/api/v1/coverage.csv", "");
    view! {
        <PageHead title="Coverage">
            <a class="button" href="/coverage/controls">"Controls"</a>
            <a class="button" href=csv rel="external" download="coverage.csv">"CSV"</a>
        </PageHead>
        {load(report, move |report| show(report, &CoverageQuery::parse(&search.get_untracked())))}
    }
}

fn show(report: Report, query: &CoverageQuery) -> AnyView {
    let totals = report.totals;
    if totals.resources == 0 {
        return view! {
            <Empty title="No resource is known yet">
                <p>"Resources appear when an account has been read for the first time."</p>
                <p><a class="button" href="/accounts">"See the accounts"</a></p>
            </Empty>
        }
        .into_any();
    }
    let of = |protected: &str| {
        CoverageQuery {
            protected: protected.to_owned(),
            ..CoverageQuery::default()
        }
        .href(PATH, "")
    };
    let bad = |number: u64| if number > 0 { Tone::Bad } else { Tone::Good };
    let failing = totals.resources - totals.compliant;
    let (not_tone, failing_tone) = (bad(totals.not), bad(failing));
    view! {
        <p class="muted">"Evaluated " <Moment at=report.at style=Style::Both/> " from the last sync."</p>
        <dl class="stats">
            <Stat label="By plan" value=count(totals.by_plan) note="a plan takes them" tone=Tone::Good
                href=of(Coverage::ByPlan.word())/>
            <Stat label="By hand" value=count(totals.by_hand) note="restorable, but no plan takes them"
                tone=Tone::Warn href=of(Coverage::ByHand.word())/>
            <Stat label="Not at all" value=count(totals.not) note="no recovery point" tone=not_tone
                href=of(Coverage::Not.word())/>
            <Stat label="Fail a control" value=count(failing)
                note=format!("of {}", counted(totals.resources, "resource", "resources")) tone=failing_tone/>
        </dl>
        {controls(report.controls.clone(), &report.history)}
        {accounts(report.accounts)}
        <section aria-labelledby="rows-title">
            <h2 id="rows-title">"Resources"</h2>
            {filters(query.clone(), &report.controls)}
            {rows(report.rows, query)}
        </section>
    }
    .into_any()
}

fn controls(counts: Vec<ControlCount>, history: &[DayCount]) -> impl IntoView + use<> {
    let rows = counts
        .into_iter()
        .map(|one| {
            let line = trend(&one.control.id, history);
            let href = CoverageQuery {
                fails: one.control.id.clone(),
                ..CoverageQuery::default()
            }
            .href(PATH, "");
            let (tone, word) = if !one.control.enabled {
                (Tone::Neutral, "off")
            } else if one.failed > 0 {
                (Tone::Bad, "fails")
            } else if one.unknown > 0 {
                (Tone::Unknown, "not known")
            } else {
                (Tone::Good, "passes")
            };
            view! {
                <tr>
                    <td class="cell-name">{one.control.name.clone()}</td>
                    <td><Badge tone text=word/></td>
                    <td class="cell-wide">
                        {one.control.scope.explain()} ": " {one.control.kind.explain()}
                    </td>
                    <td class="numeric">{count(one.passed)}</td>
                    <td class="numeric"><a href=href>{count(one.failed)}</a></td>
                    <td class="numeric">{count(one.unknown)}</td>
                    <td>{line}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="controls-title">
            <h2 id="controls-title">"Controls"</h2>
            <Table
                label="Controls"
                columns=vec![
                    Column::text("Control"),
                    Column::text("Says"),
                    Column::text("Asks"),
                    Column::number("Pass"),
                    Column::number("Fail"),
                    Column::number("Not known"),
                    Column::text("Passed, 90 days"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
}

fn accounts(accounts: Vec<AccountCoverage>) -> impl IntoView {
    let rows = accounts
        .into_iter()
        .map(|one| {
            let href = CoverageQuery {
                account: one.account.to_string(),
                ..CoverageQuery::default()
            }
            .href(PATH, "");
            view! {
                <tr>
                    <td>
                        <a class="row-link" href=href>
                            <AccountLabel alias=one.alias id=one.account.as_str()/>
                        </a>
                    </td>
                    <td class="numeric">{count(one.totals.by_plan)}</td>
                    <td class="numeric">{count(one.totals.by_hand)}</td>
                    <td class="numeric">{count(one.totals.not)}</td>
                    <td class="numeric">{count(one.totals.resources - one.totals.compliant)}</td>
                    <td>{one.unprotected_since.map(|at| view! { <Moment at/> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="accounts-title">
            <h2 id="accounts-title">"Accounts"</h2>
            <Table
                label="Coverage by account"
                columns=vec![
                    Column::text("Account"),
                    Column::number("By plan"),
                    Column::number("By hand"),
                    Column::number("Not at all"),
                    Column::number("Fail a control"),
                    Column::text("Oldest unprotected change"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
}

fn filters(query: CoverageQuery, controls: &[ControlCount]) -> impl IntoView + use<> {
    let mut ways = vec![Choice::new("", "any status")];
    ways.extend(Coverage::ALL.map(|one| Choice::new(one.word(), one.as_str())));
    let mut fails = vec![Choice::new("", "any or none")];
    fails.extend(
        controls
            .iter()
            .map(|one| Choice::new(one.control.id.clone(), one.control.name.clone())),
    );
    view! {
        <GetForm action=PATH class="filters" role="search" label="Filter resources">
            <Select label="Protected" name="protected" choices=ways value=query.protected/>
            <Select label="Fails" name="fails" choices=fails value=query.fails/>
            <Field label="Type" name="kind" value=query.kind/>
            <Field label="Account id" name="account" value=query.account/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn rows(page: Page<CoverageRow>, query: &CoverageQuery) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <Empty title="No resource matches"><p><a class="button" href=PATH>"Show all"</a></p></Empty>
        }
        .into_any();
    }
    let shown = counted(page.items.len() as u64, "resource", "resources");
    let summary = match page.total {
        Some(total) if query.is_filtered() => {
            format!("{shown} on this page, {} match", count(total))
        }
        Some(total) => format!("{shown} on this page, {} in all", count(total)),
        None => shown,
    };
    let first = (!query.cursor.is_empty()).then(|| query.href(PATH, ""));
    let next = page.next.map(|cursor| query.href(PATH, &cursor));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Resources and the controls that they fail"
            columns=vec![
                Column::text("Resource"),
                Column::text("Protected"),
                Column::text("Unprotected since"),
                Column::text("Last backup"),
                Column::text("Restore tried"),
                Column::text("Fails"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn row(row: CoverageRow) -> impl IntoView {
    let tone = match row.coverage {
        Coverage::ByPlan => Tone::Good,
        Coverage::ByHand => Tone::Warn,
        Coverage::Not => Tone::Bad,
    };
    let plans =
        (!row.plans.is_empty()).then(|| view! { <p class="cell-note">{row.plans.join(", ")}</p> });
    let fails = row
        .results
        .iter()
        .filter(|(_, result)| result.verdict == Verdict::Fail)
        .map(|(id, result)| {
            view! { <Badge tone=Tone::Bad text=id.clone() title=result.why.clone()/> }
        })
        .collect_view();
    let moment = |at: Option<jiff::Timestamp>| match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    };
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=resource_href(&row.arn)>{row.name.clone()}</a>
                <p class="cell-note">{row.resource_type.to_string()} " · " {row.account.to_string()} " · " {row.region.to_string()}</p>
            </td>
            <td><Badge tone text=row.coverage.as_str()/> {plans}</td>
            <td>{moment(row.unprotected_since)}</td>
            <td>{moment(row.newest)}</td>
            <td>{moment(row.last_restore)}</td>
            <td><span class="badges">{fails}</span></td>
        </tr>
    }
}
