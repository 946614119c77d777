use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Check, Privilege, Verdict,
    plan::{Finding, ImportedPlan, PlanDraft, PlanImport},
};

use crate::{
    components::{
        CheckList, Choice, Column, Crumb, FormError, PageHead, PostForm, Select, Table, TextArea,
        load,
    },
    format::count,
    outcome::{all_entered, entered, failure, success},
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
    let read = success::<PlanImport>(ImportPlan::PATH);
    let asked = StoredValue::new(asked(read.as_ref()));
    let found = read.map(found);
    view! {
        <PageHead title="Import a plan" crumbs=vec![Crumb::new("Plans", "/plans")]/>
        {found}
        <FormError action=ImportPlan::PATH/>
        {load(accounts, move |accounts| {
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
            let asked = asked.try_get_value().unwrap_or_default();
            form(choices, asked).into_any()
        })}
    }
}

/// A value that only a deployment knows, and that somebody may give.
#[derive(Clone)]
struct Asked {
    name: String,
    because: String,
    value: String,
}

/// What the document needs and does not say, and what was given for it.
fn asked(read: Option<&PlanImport>) -> Vec<Asked> {
    let entered = all_entered(ImportPlan::PATH).unwrap_or_default();
    let all = |field: &str| -> Vec<String> {
        entered
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
            .collect()
    };
    let mut asked: Vec<Asked> = all("names[]")
        .into_iter()
        .zip(all("values[]"))
        .map(|(name, value)| Asked {
            name,
            because: String::new(),
            value,
        })
        .collect();
    let unknown = read
        .into_iter()
        .flat_map(|read| &read.plans)
        .flat_map(|plan| &plan.unknown);
    for one in unknown {
        let Some(name) = &one.parameter else { continue };
        match asked.iter_mut().find(|asked| asked.name == *name) {
            Some(known) => known.because.clone_from(&one.because),
            None => asked.push(Asked {
                name: name.clone(),
                because: one.because.clone(),
                value: String::new(),
            }),
        }
    }
    asked
}

fn form(choices: Vec<Choice>, asked: Vec<Asked>) -> impl IntoView {
    let rule = failure(ImportPlan::PATH)
        .and_then(|error| {
            ["file", "plan", "template"]
                .into_iter()
                .find_map(|field| error.rule_for(field).map(str::to_owned))
        })
        .unwrap_or_default();
    let value = |field: &str| entered(ImportPlan::PATH, field);
    let values = (!asked.is_empty()).then(|| {
        let fields = asked
            .into_iter()
            .enumerate()
            .map(value_field)
            .collect_view();
        view! {
            <fieldset>
                <legend>"What the document does not say"</legend>
                {fields}
            </fieldset>
        }
    });
    view! {
        <PostForm action=ImportPlan::PATH class="form">
            <Select label="Account and Region" name="scope" choices value=value("scope")/>
            <TextArea label="Document" name="text" value=value("text") rows=14 error=rule
                hint="AWS's JSON of a plan (as get-backup-plan answers it, or with selections), a CloudFormation template as JSON or YAML, what terraform show -json prints, or a backup policy of AWS Organizations."/>
            {values}
            <div class="form-actions">
                <button class="button button-primary">"Read it"</button>
                <a class="button" href="/plans">"Cancel"</a>
            </div>
            <p class="field-hint">"Nothing is saved: the plan opens in the editor."</p>
        </PostForm>
    }
}

/// A field for a value that only a deployment knows, under the name that the template gives it.
fn value_field((index, asked): (usize, Asked)) -> impl IntoView {
    let id = format!("value-{index}");
    let hint = format!("{id}-hint");
    let because = (!asked.because.is_empty()).then(|| format!("It {}.", asked.because));
    let invalid = failure(ImportPlan::PATH).and_then(|error| {
        error
            .rule_for(&format!("parameter {}", asked.name))
            .map(str::to_owned)
    });
    view! {
        <div class="field">
            <label for=id.clone()>{asked.name.clone()}</label>
            <input type="hidden" name="names[]" value=asked.name/>
            <input
                id=id
                name="values[]"
                value=asked.value
                autocomplete="off"
                aria-describedby=hint.clone()
                aria-invalid=invalid.is_some().then_some("true")
            />
            <p class="field-hint" id=hint>{invalid.or(because)}</p>
        </div>
    }
}

/// What was found in the document: notes, and plans, each with a way into the editor where all of it is
/// known.
fn found(read: PlanImport) -> impl IntoView {
    let notes = checks("", &read.notes);
    let rows = read.plans.iter().map(row).collect_view();
    let table = (!read.plans.is_empty()).then(|| {
        view! {
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
        }
    });
    let remarks = read
        .plans
        .iter()
        .map(|plan| {
            let mut findings = plan.findings.clone();
            findings.extend(plan.unknown.iter().map(|unknown| {
                Finding::new(
                    Verdict::Unknown,
                    unknown.field.clone(),
                    format!("It {}.", unknown.because),
                    match unknown.parameter {
                        Some(_) => "Give it below, and read the document again.",
                        None => "Write the value itself into the document.",
                    },
                )
            }));
            checks(&plan.draft.plan.backup_plan_name, &findings)
        })
        .collect_view();
    view! {
        <section aria-labelledby="found-title">
            <h2 id="found-title">"What was read"</h2>
            {notes}
            {table}
            {remarks}
        </section>
    }
}

fn checks(plan: &str, findings: &[Finding]) -> Option<impl IntoView + use<>> {
    let checks: Vec<Check> = findings
        .iter()
        .map(|finding| Check {
            name: format!("{plan} {}", finding.field).trim().to_owned(),
            verdict: finding.verdict,
            detail: finding.rule.clone(),
            fix: finding.fix.clone(),
        })
        .collect();
    (!checks.is_empty()).then(|| view! { <CheckList checks/> })
}

fn row(imported: &ImportedPlan) -> impl IntoView + use<> {
    let draft = &imported.draft;
    let name = draft.plan.backup_plan_name.clone();
    let rules = count(draft.plan.rules.len() as u64);
    let selections = count(draft.selections.len() as u64);
    let becomes = match draft.plan_id {
        Some(_) => "another version of the plan of this name",
        None => "a new plan",
    };
    let way = if imported.require_whole().is_ok() {
        open(draft, &name).into_any()
    } else {
        "Not all of it is known".into_any()
    };
    view! {
        <tr>
            <td class="cell-name">{name}</td>
            <td class="numeric">{rules}</td>
            <td class="numeric">{selections}</td>
            <td>{becomes}</td>
            <td>{way}</td>
        </tr>
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
