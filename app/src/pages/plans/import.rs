use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{Privilege, plan::PlanDraft};

use crate::{
    components::{
        Choice, Column, Crumb, FormError, PageHead, PostForm, Select, Table, TextArea, load,
    },
    format::count,
    outcome::{entered, failure, success},
    pages::only,
    plan_form::PlanForm,
    query::Query,
    server_fns::{
        accounts::list_accounts,
        plans::{EditPlan, ImportPlan, PlanAddress},
    },
};

/// Reads plans from a document of others and opens one in the editor.
#[component]
pub(crate) fn PlanImportPage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to import the plan.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let found = success::<Vec<PlanDraft>>(ImportPlan::PATH).map(drafts);
    view! {
        <PageHead title="Import a plan" crumbs=vec![Crumb::new("Plans", "/plans")]/>
        {found}
        <FormError action=ImportPlan::PATH/>
        {load(accounts, |accounts| {
            let choices = accounts
                .into_iter()
                .flat_map(|account| {
                    account.scopes.into_iter().map(move |scope| {
                        let region = scope.scope.region;
                        Choice::new(
                            format!("{}/{region}", account.account),
                            format!("{} {} · {region}", account.alias, account.account),
                        )
                    })
                })
                .collect();
            form(choices).into_any()
        })}
    }
}

fn form(choices: Vec<Choice>) -> impl IntoView {
    let rule = failure(ImportPlan::PATH)
        .and_then(|error| {
            ["file", "plan", "template"]
                .into_iter()
                .find_map(|field| error.rule_for(field).map(str::to_owned))
        })
        .unwrap_or_default();
    let value = |field: &str| entered(ImportPlan::PATH, field);
    view! {
        <PostForm action=ImportPlan::PATH class="form">
            <Select label="Account and Region" name="scope" choices value=value("scope")/>
            <TextArea label="Document" name="text" value=value("text") rows=14 error=rule
                hint="AWS's JSON of a plan (as get-backup-plan answers it, or with selections), or a CloudFormation template as JSON or YAML."/>
            <div class="form-actions">
                <button class="button button-primary">"Read it"</button>
                <a class="button" href="/plans">"Not now"</a>
            </div>
            <p class="field-hint">"Nothing is saved: the plan opens in the editor."</p>
        </PostForm>
    }
}

/// What was found in the document, each with a way into the editor.
fn drafts(drafts: Vec<PlanDraft>) -> impl IntoView {
    let rows = drafts
        .into_iter()
        .map(|draft| {
            let name = draft.plan.backup_plan_name.clone();
            let rules = count(draft.plan.rules.len() as u64);
            let selections = count(draft.selections.len() as u64);
            let becomes = match draft.plan_id {
                Some(_) => "another version of the plan of this name",
                None => "a new plan",
            };
            view! {
                <tr>
                    <td class="cell-name">{name.clone()}</td>
                    <td class="numeric">{rules}</td>
                    <td class="numeric">{selections}</td>
                    <td>{becomes}</td>
                    <td>{open(&draft, &name)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="found-title">
            <h2 id="found-title">"What was read"</h2>
            <Table
                label="Plans in the document"
                columns=vec![
                    Column::text("Name"),
                    Column::number("Rules"),
                    Column::number("Selections"),
                    Column::text("Becomes"),
                    Column::text(""),
                ]
            >
                {rows}
            </Table>
        </section>
    }
}

/// A post that comes out in the editor.
fn open(draft: &PlanDraft, name: &str) -> impl IntoView + use<> {
    let mut query = Query::default();
    for (field, value) in PlanForm::of(draft).fields() {
        query.push(&field, &value);
    }
    let page = PlanAddress {
        account: draft.account.to_string(),
        region: draft.region.to_string(),
        id: draft.plan_id.clone().unwrap_or_default(),
    }
    .on("/plans/edit");
    let form = query.as_str().to_owned();
    let label = format!("Open {name} in the editor");
    view! {
        <form method="post" action=EditPlan::PATH>
            <input type="hidden" name="page" value=page/>
            <input type="hidden" name="form" value=form/>
            <button class="button button-small" name="op" value="edit" aria-label=label>"Open in the editor"</button>
        </form>
    }
}
