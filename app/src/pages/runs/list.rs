use leptos::prelude::*;
use tidemark_domain::{Arn, Page};

use super::words;
use crate::{
    components::{
        Badge, Column, Empty, Moment, PageHead, Pagination, ProgressBar, RunBadge, Style, Table,
        Tone, load,
    },
    format::counted,
    pages::search,
    server_fns::runs::{RunQuery, RunRow, list_runs},
};

/// The choices above the list: name in addresses, name shown.
const STATES: [(&str, &str); 6] = [
    ("", "all"),
    ("active", "active"),
    ("succeeded", "succeeded"),
    ("succeeded_with_warnings", "with warnings"),
    ("failed", "failed"),
    ("cancelled", "cancelled"),
];

/// Every run, newest first.
#[component]
pub(crate) fn RunsPage() -> impl IntoView {
    let search = search();
    let runs = Resource::new_blocking(
        move || search.get(),
        |query| list_runs(RunQuery::parse(&query)),
    );
    let choices = move || {
        let query = RunQuery::parse(&search.get()).after("");
        STATES
            .into_iter()
            .map(|(state, label)| {
                let current = (query.state == state).then_some("true");
                let href = RunQuery {
                    state: state.to_owned(),
                    ..query.clone()
                }
                .href();
                view! { <li><a class="choice" href=href aria-current=current>{label}</a></li> }
            })
            .collect_view()
    };
    view! {
        <PageHead title="Runs"/>
        <ul class="choices" aria-label="State">{choices}</ul>
        {load(runs, move |page| show(page, &RunQuery::parse(&search.get_untracked())))}
    }
}

fn show(page: Page<RunRow>, query: &RunQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(!query.state.is_empty());
    }
    let summary = format!(
        "{} on this page, newest first",
        counted(page.items.len() as u64, "run", "runs")
    );
    let first = (!query.cursor.is_empty()).then(|| query.after("").href());
    let next = page
        .next
        .as_deref()
        .map(|cursor| query.after(cursor).href());
    view! {
        {run_rows(page.items)}
        <Pagination summary first next/>
    }
    .into_any()
}

fn nothing(filtered: bool) -> AnyView {
    if filtered {
        view! {
            <Empty title="No run is in this state">
                <p><a class="button" href="/runs">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="Nothing has run yet">
                <p>"Open a resource and choose Restore or Back up now. Each becomes a run, to be followed step by step."</p>
                <p><a class="button" href="/resources">"See the resources"</a></p>
            </Empty>
        }
        .into_any()
    }
}

/// Runs as a table.
pub(crate) fn run_rows(runs: Vec<RunRow>) -> AnyView {
    let rows = runs.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Runs"
            columns=vec![
                Column::text("Run"),
                Column::text("State"),
                Column::text("Progress"),
                Column::text("Asked for"),
                Column::text("By"),
                Column::text("Account"),
                Column::text("Reason"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(run: RunRow) -> impl IntoView {
    let title = words::title(&run.kind, &run.labels);
    let percent = run.progress.percent;
    let progress = (!run.state.is_terminal()).then(|| {
        view! {
            <ProgressBar percent=Signal::stored(percent) label="Progress"/>
            <p class="cell-note">{run.progress.message.clone()}</p>
        }
    });
    let alarm = run
        .alarm
        .map(|why| view! { <Badge tone=Tone::Bad text="cannot go on" title=why/> });
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=format!("/runs/{}", run.id)>{title}</a></td>
            <td><RunBadge state=run.state/> {alarm}</td>
            <td>{progress}</td>
            <td><Moment at=run.created_at style=Style::Both/></td>
            <td>{run.creator}</td>
            <td><span class="account-id">{run.labels.account}</span> " " {run.labels.region}</td>
            <td class="cell-wide">{run.reason}</td>
        </tr>
    }
}

/// The newest runs about a resource.
pub(crate) fn runs_of(arn: &Arn) -> AnyView {
    let query = RunQuery {
        resource: arn.to_string(),
        ..RunQuery::default()
    };
    let runs = Resource::new_blocking(|| (), move |()| list_runs(query.clone()));
    load(runs, |page| {
        if page.items.is_empty() {
            return view! {
                <p class="muted">"None was started from this console."</p>
            }
            .into_any();
        }
        run_rows(page.items.into_iter().take(10).collect())
    })
}
