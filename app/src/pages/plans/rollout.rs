use std::collections::BTreeSet;

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    AccountSummary, Invalid, Privilege, Scope,
    plan::{PlanChange, PlanDraft, PlanRecord, Rollout, RolloutRequest, RolloutTarget},
};

use super::{one::check_of, review::difference_table};
use crate::{
    components::{
        AccountLabel, Badge, CheckList, Crumb, Disclosure, ErrorNotice, FormError, GetForm, Notice,
        PageHead, PostForm, TextArea, Tone, load, load_or, load_page,
    },
    error::AppError,
    format::counted,
    pages::{only, search},
    plan_form::PlanForm,
    query::pairs,
    server_fns::{
        accounts::list_accounts,
        plans::{PlanAddress, StartRollout, get_plan, plan_rollout},
    },
};

/// Rolls a plan out: where to, then what happens in each place.
#[component]
pub(crate) fn PlanRolloutPage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to roll the plan out.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let plan = Resource::new_blocking(move || PlanAddress::parse(&search.get()), get_plan);
    load_page(plan, move |detail| {
        let name = detail.record.plan.backup_plan_name.clone();
        let address = PlanAddress {
            account: detail.record.account.to_string(),
            region: detail.record.region.to_string(),
            id: detail.record.id.clone(),
        };
        let back = address.on("/plans/view");
        let stored = StoredValue::new((address, detail.record));
        view! {
            <PageHead
                title=format!("Roll out {name}")
                crumbs=vec![Crumb::new("Plans", "/plans"), Crumb::new(name, back)]
            />
            {move || {
                let query = search.get();
                let chosen = targets(&query);
                let reason = reason(&query);
                let (address, record) = stored.get_value();
                stages(address, record, chosen, reason)
            }}
        }
        .into_any()
    })
}

/// The targets that the address names, each as `account/region`.
fn targets(query: &str) -> BTreeSet<String> {
    pairs(query)
        .into_iter()
        .filter_map(|(name, _)| name.strip_prefix("to.").map(str::to_owned))
        .collect()
}

fn reason(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "reason")
        .map(|(_, reason)| reason)
        .unwrap_or_default()
}

fn stages(
    address: PlanAddress,
    record: PlanRecord,
    chosen: BTreeSet<String>,
    reason: String,
) -> impl IntoView {
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let stored = StoredValue::new((address, chosen.clone(), reason.clone()));
    let reviewed = (!chosen.is_empty()).then(|| review(request(record, &chosen, reason)));
    view! {
        <section aria-labelledby="where-title">
            <h2 id="where-title">"Where to"</h2>
            {load(accounts, move |accounts| {
                let (address, chosen, reason) = stored.get_value();
                choose(accounts, &address, &chosen, reason).into_any()
            })}
        </section>
        {reviewed}
    }
}

fn choose(
    accounts: Vec<AccountSummary>,
    address: &PlanAddress,
    chosen: &BTreeSet<String>,
    reason: String,
) -> impl IntoView + use<> {
    let own = format!("{}/{}", address.account, address.region);
    let boxes = accounts
        .into_iter()
        .flat_map(|account| {
            let alias = account.alias;
            account.scopes.into_iter().map(move |scope| (alias.clone(), scope.scope))
        })
        .map(|(alias, scope)| {
            let name = format!("{}/{}", scope.account, scope.region);
            (alias, scope, name)
        })
        .filter(|(_, _, name)| *name != own)
        .map(|(alias, scope, name)| {
            let id = format!("to-{name}");
            let checked = chosen.contains(&name);
            view! {
                <div class="check-box">
                    <input type="checkbox" id=id.clone() name=format!("to.{name}") value="1" checked=checked/>
                    <label for=id><AccountLabel alias id=scope.account.as_str()/> ", " {scope.region.to_string()}</label>
                </div>
            }
        })
        .collect_view();
    let address = address.clone();
    view! {
        <GetForm action="/plans/rollout" class="form">
            <input type="hidden" name="account" value=address.account/>
            <input type="hidden" name="region" value=address.region/>
            <input type="hidden" name="id" value=address.id/>
            <fieldset>
                <legend>"Accounts and Regions"</legend>
                <p class="field-hint">"A plan of the same name there becomes like this one; where there is none, it is created. Roles in selections become those of the target's account."</p>
                {boxes}
            </fieldset>
            <TextArea label="Reason" name="reason" value=reason hint="For the audit log, in your words."/>
            <div class="form-actions"><button class="button button-primary">"Review"</button></div>
        </GetForm>
    }
}

/// The rollout of the plan as it stands.
fn request(
    record: PlanRecord,
    chosen: &BTreeSet<String>,
    reason: String,
) -> Result<RolloutRequest, AppError> {
    let targets = chosen
        .iter()
        .map(|target| {
            let (account, region) = target
                .split_once('/')
                .ok_or_else(|| Invalid::new("targets", "must be accounts and Regions"))?;
            Ok(Scope {
                account: account.parse()?,
                region: region.parse()?,
            })
        })
        .collect::<Result<Vec<Scope>, Invalid>>()?;
    Ok(RolloutRequest {
        plan: record.plan,
        selections: record
            .selections
            .into_iter()
            .map(|one| one.selection)
            .collect(),
        targets,
        reason,
    })
}

fn review(request: Result<RolloutRequest, AppError>) -> impl IntoView {
    let rollout = Resource::new_blocking(
        || (),
        move |()| {
            let request = request.clone();
            async move { plan_rollout(request?).await }
        },
    );
    view! {
        <section aria-labelledby="review-title">
            <h2 id="review-title">"What happens in each"</h2>
            <FormError action=StartRollout::PATH/>
            {load_or(rollout, |rollout| show(rollout).into_any(), |error| {
                view! { <ErrorNotice error/> }.into_any()
            })}
        </section>
    }
}

fn show(rollout: Rollout) -> impl IntoView {
    let can_start = rollout.can_start();
    let digest = rollout.digest.clone();
    let request = serde_json::to_string(&rollout.request).unwrap_or_default();
    let each = rollout.targets.into_iter().map(target).collect_view();
    let start = if can_start {
        view! {
            <PostForm action=StartRollout::PATH class="form">
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="digest" value=digest/>
                <div class="form-actions"><button class="button button-primary">"Roll out"</button></div>
                <p class="field-hint">"One target that fails does not stop the others. It goes on by itself: you can close this page once it has started."</p>
            </PostForm>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Bad title="No target can be changed like this">
                <p>"Fix what fails above, or choose other targets."</p>
            </Notice>
        }
        .into_any()
    };
    view! {
        <ul class="plan-siblings">{each}</ul>
        {start}
    }
}

fn target(target: RolloutTarget) -> impl IntoView {
    // What stands in the way of a change is said by its findings.
    let refused = target
        .refused
        .filter(|_| target.change.is_none())
        .map(|why| view! { <p class="field-error">{why}</p> });
    let (badge, inside) = match target.change {
        None => (
            view! { <Badge tone=Tone::Bad text="cannot be changed"/> }.into_any(),
            ().into_any(),
        ),
        Some(change) => (state(&change).into_any(), changes(change).into_any()),
    };
    view! {
        <li class="panel">
            <p><AccountLabel alias=target.alias id=target.account.as_str()/> ", " {target.region.to_string()} " " {badge}</p>
            {refused}
            {inside}
        </li>
    }
}

fn state(change: &PlanChange) -> impl IntoView + use<> {
    let (tone, text) = if !change.can_apply() {
        (Tone::Bad, "would fail".to_owned())
    } else if change.before.is_none() {
        (Tone::Neutral, "is made".to_owned())
    } else if change.is_empty() {
        (Tone::Good, "is the same already".to_owned())
    } else {
        let number = change.differences.len() as u64;
        (
            Tone::Neutral,
            format!("changes in {}", counted(number, "field", "fields")),
        )
    };
    view! { <Badge tone text=text/> }
}

fn changes(change: PlanChange) -> impl IntoView {
    let form = PlanForm::of(&PlanDraft {
        reason: String::new(),
        ..change.draft.clone()
    });
    let checks: Vec<_> = change
        .findings
        .iter()
        .map(|finding| check_of(finding, &form))
        .collect();
    let found = (!checks.is_empty()).then(|| view! { <CheckList checks/> });
    let differences = (change.before.is_some() && !change.differences.is_empty()).then(|| {
        view! {
            <Disclosure summary="What changes">
                {difference_table("What changes", change.differences)}
            </Disclosure>
        }
    });
    view! { {found} {differences} }
}
