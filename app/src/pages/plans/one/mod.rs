//! One plan: its rules in words and drawn, what it takes, its versions, and where else it lies.

mod jobs;
mod rules;
mod selections;
mod siblings;
mod taken;
mod versions;

use leptos::prelude::*;
use tidemark_domain::{
    Check, Privilege,
    plan::{Finding, PlanDetail, PlanDraft},
};

use self::{
    jobs::jobs, rules::rules, selections::selections, siblings::siblings, taken::taken,
    versions::versions,
};
use super::{editor::place, review::runs};
use crate::{
    clock::page_clock,
    components::{
        AccountLabel, CheckList, Copyable, Crumb, Moment, PageHead, ScopeBadge, Style, load_page,
    },
    format::count,
    pages::search,
    plan_form::PlanForm,
    query::link,
    server_fns::plans::{PlanAddress, get_plan},
    use_session,
};

/// One plan.
#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let search = search();
    let address = Memo::new(move |_| PlanAddress::parse(&search.get()));
    let plan = Resource::new_blocking(move || address.get(), get_plan);
    load_page(plan, |plan| show(plan).into_any())
}

fn show(detail: PlanDetail) -> impl IntoView {
    let record = detail.record.clone();
    let address = PlanAddress {
        account: record.account.to_string(),
        region: record.region.to_string(),
        id: record.id.clone(),
    };
    let manages = use_session().may(Privilege::ManagePlans);
    let actions = manages.then(|| actions(&address));
    let export = address.on("/plans/export");
    let future = address.on("/plans/future");
    let health = detail.scope.health(page_clock().now_once());
    let found = findings(&detail);
    let last = record
        .last_execution
        .map(|at| view! { <dt>"Last run"</dt><dd><Moment at style=Style::Both/></dd> });
    view! {
        <PageHead title=record.plan.backup_plan_name.clone() crumbs=vec![Crumb::new("Plans", "/plans")]>
            {actions}
            <a class="button" href=future>"Forecast"</a>
            <a class="button" href=export>"Export"</a>
        </PageHead>
        <dl class="facts">
            <dt>"Account"</dt>
            <dd>
                <a href=format!("/accounts/{}", record.account)>
                    <AccountLabel alias=detail.alias.clone() id=record.account.as_str()/>
                </a>
                ", " {record.region.to_string()} " " <ScopeBadge health/>
            </dd>
            <dt>"Plan id"</dt><dd><Copyable text=record.id.clone() label="plan id"/></dd>
            <dt>"Current version since"</dt><dd><Moment at=record.created_at style=Style::Both/></dd>
            {last}
            <dt>"Recovery points"</dt>
            <dd>{count(detail.points)} " made by this plan are known"</dd>
        </dl>
        {found}
        <section aria-labelledby="next-title">
            <h2 id="next-title">"Upcoming runs"</h2>
            {runs(detail.next_runs.clone())}
        </section>
        {rules(&record.plan, &address, manages)}
        {selections(&record)}
        {taken(address.clone(), PlanDraft::of(&record))}
        {jobs(detail.jobs.clone())}
        {siblings(detail.siblings.clone(), &record.plan.backup_plan_name)}
        {versions(address, record.version_id)}
    }
}

fn actions(address: &PlanAddress) -> impl IntoView + use<> {
    view! {
        <a class="button button-primary" href=address.on("/plans/edit")>"Change"</a>
        <a class="button" href=address.on("/plans/rollout")>"Roll out"</a>
        <a class="button button-danger" href=address.on("/plans/delete")>"Delete"</a>
    }
}

fn findings(detail: &PlanDetail) -> Option<impl IntoView + use<>> {
    let form = PlanForm::of(&PlanDraft::of(&detail.record));
    let checks: Vec<Check> = detail
        .findings
        .iter()
        .map(|finding| check_of(finding, &form))
        .collect();
    (!checks.is_empty()).then(|| {
        view! {
            <section aria-labelledby="findings-title">
                <h2 id="findings-title">"Findings"</h2>
                <CheckList checks/>
            </section>
        }
    })
}

/// A finding as lists of checks show it, under the name of its rule or selection.
pub(in crate::pages::plans) fn check_of(finding: &Finding, form: &PlanForm) -> Check {
    Check {
        name: place(&finding.field, form),
        verdict: finding.verdict,
        detail: finding.rule.clone(),
        fix: finding.fix.clone(),
    }
}

/// The page of a resource's jobs and points.
fn resource_link(arn: &str) -> String {
    link("/resources/view", "arn", arn)
}
