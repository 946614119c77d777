use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    plan::{PlanDraft, RuleRun},
};

use super::one::check_of;
use crate::{
    components::{
        CheckList, Column, Copyable, Crumb, Disclosure, FormError, Notice, PageHead, PostForm,
        Table, TextArea, Tone, load_page,
    },
    format::counted,
    outcome::entered,
    pages::{only, resources::resource_href, search},
    plan_form::PlanForm,
    query::pairs,
    server_fns::plans::{PlanAddress, RunPlanNow, plan_rule_run},
};

/// What running a rule now starts, before it does.
#[component]
pub(crate) fn PlanRunPage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to run the rule.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let shown = Resource::new_blocking(
        move || search.get(),
        |query| {
            let address = PlanAddress::parse(&query);
            let rule = pairs(&query)
                .into_iter()
                .find(|(name, _)| name == "rule")
                .map(|(_, rule)| rule)
                .unwrap_or_default();
            plan_rule_run(address, rule)
        },
    );
    load_page(shown, |shown| show(shown).into_any())
}

fn show(shown: RuleRun) -> impl IntoView {
    let can_start = shown.can_start();
    let form = PlanForm::of(&PlanDraft::of(&shown.plan));
    let checks: Vec<_> = shown
        .findings
        .iter()
        .map(|finding| check_of(finding, &form))
        .collect();
    let record = shown.plan;
    let name = record.plan.backup_plan_name.clone();
    let address = PlanAddress {
        account: record.account.to_string(),
        region: record.region.to_string(),
        id: record.id.clone(),
    };
    let back = address.on("/plans/view");
    let keep = back.clone();
    let jobs = counted(shown.resources.len() as u64, "backup job", "backup jobs");
    let rows = shown
        .resources
        .into_iter()
        .map(|(arn, role)| {
            view! {
                <tr>
                    <td class="cell-name"><a href=resource_href(&arn)>{arn.name().to_owned()}</a></td>
                    <td>{arn.service().to_owned()}</td>
                    <td class="cell-wide">{role}</td>
                </tr>
            }
        })
        .collect_view();
    let start = if can_start {
        let rule = shown.rule.clone();
        view! {
            <PostForm action=RunPlanNow::PATH class="form">
                <input type="hidden" name="account" value=address.account/>
                <input type="hidden" name="region" value=address.region/>
                <input type="hidden" name="id" value=address.id/>
                <input type="hidden" name="rule" value=rule/>
                <input type="hidden" name="digest" value=shown.digest/>
                <TextArea label="Reason" name="reason" value=entered(RunPlanNow::PATH, "reason")
                    hint="For the audit log, in your words."/>
                <div class="form-actions">
                    <button class="button button-primary">"Run it now"</button>
                    <a class="button" href=keep>"Cancel"</a>
                </div>
                <p class="field-hint">"It goes on by itself: you can close this page once it has started."</p>
            </PostForm>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Bad title="It cannot run like this">
                <p>"Fix what fails above."</p>
            </Notice>
        }
        .into_any()
    };
    view! {
        <PageHead
            title=format!("Run {} now", shown.rule)
            crumbs=vec![Crumb::new("Plans", "/plans"), Crumb::new(name.clone(), back)]
        />
        <p class="review">
            {format!("{jobs} will be started, as the rule {} of {name} would start them. The schedule stays as it is.", shown.rule)}
        </p>
        <CheckList checks/>
        <section aria-labelledby="resources-title">
            <h2 id="resources-title">"What is backed up"</h2>
            <Table
                label="Resources"
                columns=vec![Column::text("Resource"), Column::text("Service"), Column::text("Role that AWS Backup assumes")]
            >
                {rows}
            </Table>
        </section>
        <Disclosure summary="What the run will be allowed to do">
            <Copyable text=shown.session_policy label="session policy" block=true/>
        </Disclosure>
        <section aria-labelledby="start-title">
            <h2 id="start-title">"Start"</h2>
            <FormError action=RunPlanNow::PATH/>
            {start}
        </section>
    }
}
