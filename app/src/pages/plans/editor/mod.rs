//! The editor of a plan: the form, then the review of what saving does.

mod copies;
mod form;
mod live;
mod notes;
mod rows;
mod rule;
mod schedule;
mod selection;

use std::collections::BTreeMap;

use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Privilege,
    plan::{Finding, PlanContext, PlanDraft, PlanKnowledge},
};

use self::{
    form::editor,
    live::{Around, Live},
};
pub(super) use self::{
    form::place,
    live::{retentions, timing, window},
    schedule::zone_name,
};
use super::review::review;
use crate::{
    components::{Choice, Crumb, Empty, GetForm, PageHead, Select, Stage, Stages, load, load_page},
    error::AppError,
    outcome::all_entered,
    pages::{only, search},
    plan_form::PlanForm,
    query::pairs,
    server_fns::{
        accounts::list_accounts,
        plans::{ApplyPlan, EditPlan, PlanAddress, get_plan, plan_context},
    },
};

/// Makes a new plan, or another version of one.
#[component]
pub(crate) fn PlanEditPage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to change the plan.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    move || {
        let address = PlanAddress::parse(&search.get());
        if address.account.is_empty() || address.region.is_empty() {
            return whereabouts().into_any();
        }
        let editing = Resource::new_blocking(|| (), move |()| read(address.clone()));
        load_page(editing, |editing| show(editing).into_any())
    }
}

/// What the editor begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Editing {
    context: PlanContext,
    /// The plan as it is; none for a new one.
    draft: Option<PlanDraft>,
    /// The names that people gave accounts.
    aliases: BTreeMap<AccountId, String>,
}

async fn read(address: PlanAddress) -> Result<Editing, AppError> {
    let accounts = list_accounts().await?;
    let (account, region, id) = (&address.account, &address.region, &address.id);
    Ok(Editing {
        context: plan_context(account.clone(), region.clone(), id.clone()).await?,
        draft: match id.as_str() {
            "" => None,
            _ => Some(PlanDraft::of(&get_plan(address.clone()).await?.record)),
        },
        aliases: accounts.into_iter().map(|a| (a.account, a.alias)).collect(),
    })
}

/// A new plan begins with the account and Region that it works in.
fn whereabouts() -> impl IntoView {
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="New plan" crumbs=vec![Crumb::new("Plans", "/plans")]/>
        {load(accounts, |accounts| {
            let choices: Vec<Choice> = accounts
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
            if choices.is_empty() {
                return view! {
                    <Empty title="There is no account to make a plan in">
                        <p><a class="button" href="/accounts/new">"Add an account"</a></p>
                    </Empty>
                }
                .into_any();
            }
            view! {
                <div class="narrow">
                    <p>"A plan works in one account and Region. Once it is there, it can be rolled out to others."</p>
                    <GetForm action="/plans/edit" class="form">
                        <Select label="Account and Region" name="scope" choices/>
                        <div class="form-actions">
                            <button class="button button-primary">"Continue"</button>
                            <a class="button" href="/plans">"Cancel"</a>
                        </div>
                    </GetForm>
                </div>
            }
            .into_any()
        })}
    }
}

/// What was posted last: the form's names and values, and what the button asked for.
fn posted() -> Option<(PlanForm, String)> {
    let fields = all_entered(EditPlan::PATH).or_else(|| all_entered(ApplyPlan::PATH))?;
    let value = |wanted: &str| {
        fields
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
    };
    let asked = value("op").unwrap_or_default();
    // The review carries the whole form in one field.
    let form = match value("form") {
        Some(form) => PlanForm::parse(&pairs(&form)),
        None => PlanForm::parse(&fields),
    };
    Some((form, asked))
}

fn show(editing: Editing) -> impl IntoView {
    let Editing {
        context,
        draft,
        aliases,
    } = editing;
    let (account, region) = (
        context.scope.scope.account.clone(),
        context.scope.scope.region.clone(),
    );
    let was_posted = posted();
    let shows = was_posted
        .as_ref()
        .is_some_and(|(_, asked)| !asked.contains("add") && !asked.contains("remove"));
    let (mut form, asked) = was_posted.unwrap_or_else(|| {
        let form = match &draft {
            Some(draft) => PlanForm::of(draft),
            None => PlanForm::new(
                account.as_str(),
                region.as_str(),
                &context.knowledge,
                context.roles.first(),
            ),
        };
        (form, String::new())
    });
    form.change(&asked);
    let address = PlanAddress {
        account: account.to_string(),
        region: region.to_string(),
        id: form.plan.clone(),
    };
    let is_new = form.plan.is_empty();
    let (title, back) = match &draft {
        Some(draft) => (
            format!("Change {}", draft.plan.backup_plan_name),
            address.on("/plans/view"),
        ),
        None => ("New plan".to_owned(), "/plans".to_owned()),
    };
    let around = Around {
        known: known(context.knowledge, &form),
        aliases,
        roles: context.roles,
    };
    let wrong = form.findings(&around.known).iter().any(Finding::is_error);
    let list = asked.strip_prefix("list.").map(str::to_owned);
    let reviewed = (list.is_some() || matches!(asked.as_str(), "review" | "save")) && !wrong;
    let stages = stages(reviewed, form.name.clone());
    let mut crumbs = vec![Crumb::new("Plans", "/plans")];
    if !is_new {
        crumbs.push(Crumb::new(form.name.clone(), back.clone()));
    }
    let body = if reviewed {
        review(&form, list).into_any()
    } else {
        editor(Live::new(form, around, shows), back).into_any()
    };
    view! {
        <PageHead title=title crumbs/>
        <p class="lead">
            {context.alias} " " <span class="account-id">{account.to_string()}</span> ", " {region.to_string()}
        </p>
        <Stages stages/>
        {body}
    }
}

/// What the browser checks by: all that is known but the time, by which only the server compares
/// start windows, since it alone knows every zone.
fn known(knowledge: PlanKnowledge, form: &PlanForm) -> PlanKnowledge {
    let mut known = PlanKnowledge {
        now: None,
        ..knowledge
    };
    // A plan may keep its own name.
    if !form.plan.is_empty() {
        known.other_plans = known.other_plans.map(|mut names| {
            names.remove(form.name.trim());
            names
        });
    }
    known
}

fn stages(reviewed: bool, name: String) -> Vec<Stage> {
    vec![
        Stage {
            title: "Edit",
            answer: if reviewed { name } else { String::new() },
            href: None,
            current: !reviewed,
        },
        Stage {
            title: "Review",
            answer: String::new(),
            href: None,
            current: reviewed,
        },
    ]
}
