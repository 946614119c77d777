use leptos::prelude::*;
use tidemark_domain::{JobCause, JobKind, JobOutcome, JobRow, Page};

use crate::{
    components::{
        AccountLabel, Choice, Column, Empty, Field, GetForm, JobBadge, Moment, PageHead,
        Pagination, Select, Style, Table, load,
    },
    format::{count, counted},
    pages::{points::point_href, resources::resource_href, search},
    query::Query,
    server_fns::{
        accounts::list_accounts,
        jobs::{JobQuery, job_causes, list_jobs},
    },
};

/// Backup, copy and restore jobs of every account, and why some failed.
#[component]
pub(crate) fn JobsPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_jobs(JobQuery::parse(&query)),
    );
    let causes = Resource::new_blocking(
        move || search.get(),
        |query| job_causes(JobQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="Jobs"/>
        <p class="lead">"What AWS Backup did in the last 30 days, as it says itself. What was started here is among the " <a href="/runs">"runs"</a> "."</p>
        {load(accounts, move |accounts| {
            let mut choices = vec![Choice::new("", "all accounts")];
            choices.extend(
                accounts
                    .into_iter()
                    .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account))),
            );
            filters(choices, JobQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(causes, |causes| causes_section(causes, "Why jobs failed"))}
        <section aria-labelledby="jobs-title">
            <h2 id="jobs-title">"Newest first"</h2>
            {load(rows, move |page| show(page, &JobQuery::parse(&search.get_untracked())))}
        </section>
    }
}

fn filters(accounts: Vec<Choice>, query: JobQuery) -> impl IntoView {
    let mut kinds = vec![Choice::new("", "all jobs")];
    kinds.extend(
        JobKind::ALL.map(|kind| Choice::new(kind.as_str(), format!("{} jobs", kind.as_str()))),
    );
    let mut outcomes = vec![Choice::new("", "any status")];
    outcomes.extend(JobOutcome::ALL.map(|outcome| Choice::new(outcome.as_str(), outcome.as_str())));
    let days = vec![
        Choice::new("", "30 days"),
        Choice::new("7", "7 days"),
        Choice::new("1", "24 hours"),
    ];
    view! {
        <GetForm action="/jobs" class="filters" role="search" label="Filter jobs">
            <Field label="Resource or message" name="text" kind="search" value=query.text/>
            <Select label="Kind" name="kind" choices=kinds value=query.kind/>
            <Select label="Status" name="outcome" choices=outcomes value=query.outcome/>
            <Select label="Account" name="account" choices=accounts value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <Select label="Time" name="days" choices=days value=query.days/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

/// Failures by AWS's own words; nothing where nothing failed.
pub(super) fn causes_section(causes: Vec<JobCause>, title: &'static str) -> AnyView {
    if causes.is_empty() {
        return ().into_any();
    }
    let rows = causes.into_iter().map(cause_row).collect_view();
    view! {
        <section aria-labelledby="causes-title">
            <h2 id="causes-title">{title}</h2>
            <Table
                label=title
                columns=vec![
                    Column::text("What AWS says"),
                    Column::text("Status"),
                    Column::number("Jobs"),
                    Column::number("Resources"),
                    Column::number("Accounts"),
                    Column::text("Last"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn cause_row(cause: JobCause) -> impl IntoView {
    let mut query = Query::default();
    // Names and ids in a message may be long; its beginning finds the others.
    let words: String = cause
        .message
        .iter()
        .flat_map(|text| text.chars())
        .take(100)
        .collect();
    query
        .push("text", &words)
        .push("kind", cause.kind.as_str())
        .push("outcome", JobOutcome::Failed.as_str());
    let message = cause
        .message
        .unwrap_or_else(|| "AWS gave no reason.".to_owned());
    let example = cause.example.filter(|_| cause.resources == 1).map(|arn| {
        let name = arn.name().to_owned();
        view! { <p class="cell-note"><a href=resource_href(&arn)>{name}</a></p> }
    });
    view! {
        <tr>
            <td class="cell-text"><a class="row-link" href=query.on("/jobs")>{message}</a> {example}</td>
            <td class="nowrap">{cause.kind.as_str()} " " <JobBadge status=cause.status/></td>
            <td class="numeric">{count(cause.jobs)}</td>
            <td class="numeric">{count(cause.resources)}</td>
            <td class="numeric">{count(cause.accounts)}</td>
            <td><Moment at=cause.last style=Style::Both/></td>
        </tr>
    }
}

fn show(page: Page<JobRow>, query: &JobQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query.is_filtered());
    }
    let summary = format!(
        "{} on this page, newest first",
        counted(page.items.len() as u64, "job", "jobs")
    );
    let first = (!query.cursor.is_empty()).then(|| query.page(""));
    let next = page.next.as_deref().map(|cursor| query.page(cursor));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Jobs"
            columns=vec![
                Column::text("Resource"),
                Column::text("Job"),
                Column::text("Status"),
                Column::text("Created"),
                Column::text("Account"),
                Column::text("Vault"),
                Column::text("Message"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn nothing(filtered: bool) -> AnyView {
    if filtered {
        view! {
            <Empty title="No job matches">
                <p><a class="button" href="/jobs">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No job is known yet">
                <p>"Jobs of the last 30 days appear when an account has been synced for the first time."</p>
                <p><a class="button" href="/accounts">"See the accounts"</a></p>
            </Empty>
        }
        .into_any()
    }
}

fn row(row: JobRow) -> impl IntoView {
    let JobRow { job, alias } = row;
    let resource = job.resource_arn.map(|arn| {
        let name = arn.name().to_owned();
        view! { <a class="row-link" href=resource_href(&arn)>{name}</a> }
    });
    let kind = match job.point_arn {
        Some(arn) => {
            let point = "recovery point";
            view! { {job.kind.as_str()} <p class="cell-note"><a href=point_href(&arn)>{point}</a></p> }
                .into_any()
        }
        None => job.kind.as_str().into_any(),
    };
    view! {
        <tr>
            <td class="cell-name">{resource}</td>
            <td>{kind}</td>
            <td><JobBadge status=job.status/></td>
            <td><Moment at=job.created_at style=Style::Both/></td>
            <td class="nowrap">
                <AccountLabel alias id=job.account.as_str()/>
                <p class="cell-line">{job.region.to_string()}</p>
            </td>
            <td class="nowrap">{job.vault}</td>
            <td class="cell-text">{job.message}</td>
        </tr>
    }
}
