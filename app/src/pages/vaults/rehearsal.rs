//! What a lock would do to plans, jobs and points.

use leptos::prelude::*;
use tidemark_domain::vaults::{JobFate, Rehearsal, RehearsedJob, RehearsedRule};

use crate::{
    components::{Badge, Column, Table, Tone},
    format::count,
    query::Query,
};

/// Rows of a table at most; the checks count them all.
const SHOWN: usize = 100;

/// The rehearsal: each rule and job with how it would end, and how many points lie outside.
pub(super) fn rehearsal(found: &Rehearsal) -> AnyView {
    let rules = rules(&found.rules);
    let jobs = jobs(&found.jobs);
    let points = points(found);
    view! {
        <section aria-labelledby="rehearsal-title">
            <h2 id="rehearsal-title">"Rehearsal"</h2>
            <p>"What these limits mean for the plans of every known account, the jobs that have not ended, and the points that are there. What runs by other means than plans is not known beforehand."</p>
            {rules}
            {jobs}
            {points}
        </section>
    }
    .into_any()
}

fn days(days: Option<i64>) -> String {
    match days {
        None => "forever".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

fn rules(rules: &[RehearsedRule]) -> AnyView {
    if rules.is_empty() {
        return view! { <p class="muted">"No rule of a known plan backs up or copies into the vault."</p> }.into_any();
    }
    // Those that would fail come first.
    let mut sorted: Vec<&RehearsedRule> = rules.iter().collect();
    sorted.sort_by_key(|rule| rule.refusal.is_none());
    let rows = sorted.into_iter().take(SHOWN).map(rule).collect_view();
    view! {
        <Table
            label="Rules that write into the vault"
            columns=vec![
                Column::text("Rule"),
                Column::text("Outcome"),
                Column::text("Keeps points"),
                Column::text("Plan"),
                Column::text("Account"),
                Column::text("Region"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn rule(rule: &RehearsedRule) -> impl IntoView + use<> {
    let mut query = Query::default();
    query
        .push("account", rule.account.as_str())
        .push("region", rule.region.as_str())
        .push("id", &rule.plan_id);
    let plan = query.on("/plans/view");
    let (tone, word) = if rule.refusal.is_some() {
        (Tone::Bad, "would fail")
    } else {
        (Tone::Good, "fits")
    };
    let why = rule
        .refusal
        .clone()
        .map(|why| view! { <p class="cell-note">{format!("Days {why}.")}</p> });
    view! {
        <tr>
            <th scope="row" class="cell-name">{rule.rule.clone()} <p class="cell-note">{rule.kind.as_str()}</p></th>
            <td><Badge tone text=word/> {why}</td>
            <td>{days(rule.days)}</td>
            <td class="cell-name"><a href=plan>{rule.plan.clone()}</a></td>
            <td>{rule.account.to_string()}</td>
            <td>{rule.region.to_string()}</td>
        </tr>
    }
}

fn jobs(jobs: &[RehearsedJob]) -> AnyView {
    if jobs.is_empty() {
        return view! { <p class="muted">"No job into the vault is under way."</p> }.into_any();
    }
    let rows = jobs.iter().take(SHOWN).map(job).collect_view();
    view! {
        <Table
            label="Jobs into the vault that have not ended"
            columns=vec![
                Column::text("Job"),
                Column::text("Outcome"),
                Column::text("Resource"),
                Column::text("Account"),
                Column::text("Region"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn job(job: &RehearsedJob) -> impl IntoView + use<> {
    let (tone, word) = match &job.fate {
        JobFate::Fits => (Tone::Good, "fits"),
        JobFate::Fails { .. } => (Tone::Bad, "may fail"),
        JobFate::Unknown => (Tone::Neutral, "not known: AWS does not tell its retention"),
    };
    let resource = job.resource.as_ref().map(|arn| arn.name().to_owned());
    view! {
        <tr>
            <th scope="row" class="cell-name">{job.id.clone()} <p class="cell-note">{job.kind.as_str()}</p></th>
            <td><Badge tone text=word/></td>
            <td class="cell-name">{resource}</td>
            <td>{job.account.to_string()}</td>
            <td>{job.region.to_string()}</td>
        </tr>
    }
}

fn points(found: &Rehearsal) -> impl IntoView + use<> {
    let points = found.points;
    let rows = [
        (points.points, "in the vault, as known here"),
        (
            points.too_short,
            "kept for less than the shortest retention",
        ),
        (points.too_long, "kept for more than the longest retention"),
        (points.forever, "kept forever"),
    ]
    .into_iter()
    .map(|(number, what)| {
        view! { <tr><th scope="row">{what}</th><td class="numeric">{count(number)}</td></tr> }
    })
    .collect_view();
    view! {
        <Table
            label="Recovery points that are there"
            columns=vec![Column::text("Recovery points"), Column::number("How many")]
        >
            {rows}
        </Table>
        <p class="field-hint">"Points that are there stay as they are. Once the vault is locked, none of them can be deleted before its own time, and those kept forever never."</p>
    }
}
