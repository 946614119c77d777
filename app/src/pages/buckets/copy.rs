use leptos::prelude::*;
use tidemark_domain::{AccountSummary, Privilege};

use super::copy_plan::plan_section;
use crate::{
    components::{Choice, Crumb, ErrorNotice, Field, GetForm, PageHead, Select, load, load_or},
    pages::{only, search},
    server_fns::{
        accounts::list_accounts,
        buckets::{CopyQuery, plan_bucket_copy},
    },
};

/// Copies everything under a prefix to another bucket: what and where, then the plan, then the confirmation.
#[component]
pub(crate) fn BucketCopyPage() -> impl IntoView {
    only(
        Privilege::ManageBuckets,
        "An operator or an admin can copy objects of buckets.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="Copy a prefix" crumbs=vec![Crumb::new("Buckets", "/buckets")]/>
        {load(accounts, move |accounts| {
            form(&accounts, CopyQuery::parse(&search.get_untracked())).into_any()
        })}
        {move || {
            let text = search.get();
            CopyQuery::parse(&text).chosen.then(|| planned(text))
        }}
    }
}

fn planned(text: String) -> impl IntoView {
    let plan = Resource::new_blocking(|| (), {
        let text = text.clone();
        move |()| plan_bucket_copy(text.clone())
    });
    let text = StoredValue::new(text);
    load_or(
        plan,
        move |plan| plan_section(plan, text.get_value()).into_any(),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

fn form(accounts: &[AccountSummary], query: CopyQuery) -> impl IntoView + use<> {
    let choices: Vec<Choice> = accounts
        .iter()
        .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
        .collect();
    let existing = vec![
        Choice::new("skip", "leave it, and say so"),
        Choice::new("replace", "replace it"),
    ];
    view! {
        <p class="lead">"S3 copies the objects itself, with their metadata, tags, storage class and locks; nothing passes through the console. What is at the destination already is not copied again."</p>
        <GetForm action="/buckets/copy" class="form" label="What is copied where">
            <input type="hidden" name="chosen" value="1"/>
            <fieldset>
                <legend>"From"</legend>
                <div class="field-row">
                    <Field label="Bucket" name="bucket" required=true value=query.bucket/>
                    <Field label="Account" name="account" required=true value=query.account
                        hint="Its id; the account need not be registered."/>
                    <Field label="Region" name="region" required=true value=query.region/>
                </div>
                <Field label="Keys that begin with" name="prefix" value=query.prefix hint="Empty for the whole bucket."/>
            </fieldset>
            <fieldset>
                <legend>"To"</legend>
                <div class="field-row">
                    <Field label="Destination bucket" name="to_bucket" required=true value=query.to_bucket/>
                    <Select label="Destination account" name="to_account" choices=choices value=query.to_account
                        hint="Its role makes the copy."/>
                    <Field label="Destination Region" name="to_region" required=true value=query.to_region/>
                </div>
                <Field label="Prefix there" name="to_prefix" value=query.to_prefix hint="Takes the place of the beginning of the keys; empty leaves that beginning out."/>
                <Select label="Where another object is there" name="existing" choices=existing value=query.existing/>
            </fieldset>
            <div class="form-actions"><button class="button button-primary">"Show what would be copied"</button></div>
        </GetForm>
    }
}
