use leptos::prelude::*;
use tidemark_domain::{AccountSummary, Privilege};

use super::plan::plan_section;
use crate::{
    components::{
        Choice, Crumb, ErrorNotice, Field, GetForm, PageHead, Select, TextArea, load, load_or,
    },
    pages::{only, search},
    server_fns::{
        accounts::list_accounts,
        holds::{HoldChangeQuery, plan_hold_change},
    },
};

/// Makes or releases a legal hold: what, then what it takes, then the confirmation.
#[component]
pub(crate) fn HoldChangePage() -> impl IntoView {
    only(
        Privilege::ProtectVaults,
        "An admin can make and release legal holds.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    let query = HoldChangeQuery::parse(&search.get_untracked());
    let releases = query.what == "release";
    let title = if releases {
        "Release a legal hold"
    } else {
        "Make a legal hold"
    };
    let form = (!releases).then(|| {
        let accounts = Resource::new_blocking(|| (), |()| list_accounts());
        let query = StoredValue::new(query);
        load(accounts, move |accounts| {
            form(&accounts, query.get_value()).into_any()
        })
    });
    view! {
        <PageHead title=title crumbs=vec![Crumb::new("Legal holds", "/holds")]/>
        {form}
        {move || {
            let text = search.get();
            let query = HoldChangeQuery::parse(&text);
            (query.chosen || query.what != "create").then(|| planned(query))
        }}
    }
}

fn planned(query: HoldChangeQuery) -> impl IntoView {
    let text = query.query().as_str().to_owned();
    let plan = Resource::new_blocking(
        {
            let text = text.clone();
            move || text.clone()
        },
        plan_hold_change,
    );
    let query = StoredValue::new(query);
    load_or(
        plan,
        move |plan| plan_section(plan, query.get_value()).into_any(),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

fn form(accounts: &[AccountSummary], query: HoldChangeQuery) -> impl IntoView + use<> {
    let choices: Vec<Choice> = accounts
        .iter()
        .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
        .collect();
    view! {
        <p class="lead">"A hold takes the recovery points that are there when it is made, and none that are made later. Until it is released, AWS deletes none of them, whatever their lifecycle says."</p>
        <GetForm action="/holds/change" class="form" label="The legal hold">
            <input type="hidden" name="do" value="create"/>
            <input type="hidden" name="chosen" value="1"/>
            <div class="field-row">
                <Select label="Account" name="account" choices=choices value=query.account/>
                <Field label="Region" name="region" required=true value=query.region/>
            </div>
            <Field label="Title" name="title" required=true value=query.title/>
            <TextArea label="Description" name="description" value=query.description hint="What it is for."/>
            <fieldset>
                <legend>"Recovery points that it keeps"</legend>
                <TextArea label="Vaults" name="vaults" value=query.vaults
                    hint="Names, by blanks or commas. Empty for every vault."/>
                <TextArea label="Resources" name="resources" value=query.resources
                    hint="ARNs, one a line. Empty for every resource."/>
                <div class="field-row">
                    <Field label="Made from" name="from" kind="date" value=query.from hint="First day, UTC."/>
                    <Field label="Made until" name="until" kind="date" value=query.until hint="Last day, UTC; both days or none."/>
                </div>
            </fieldset>
            <div class="form-actions"><button class="button button-primary">"Show what it would take"</button></div>
        </GetForm>
    }
}
