use leptos::prelude::*;

use crate::{
    components::{Choice, ErrorNotice, Field, GetForm, Select, load_or},
    server_fns::{accounts::list_accounts, policies::AccessQuery},
};

/// The form that says which bucket is meant.
pub(super) fn choose(query: &AccessQuery) -> AnyView {
    let query = StoredValue::new(query.clone());
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    load_or(
        accounts,
        move |accounts| {
            let choices: Vec<Choice> = accounts
                .into_iter()
                .map(|one| {
                    Choice::new(
                        one.account.as_str(),
                        format!("{} ({})", one.alias, one.account),
                    )
                })
                .collect();
            query.with_value(|query| form(query, choices).into_any())
        },
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
    .into_any()
}

fn form(query: &AccessQuery, choices: Vec<Choice>) -> impl IntoView + use<> {
    let [account, region, bucket] =
        ["account", "region", "bucket"].map(|name| query.value(name).to_owned());
    view! {
        <p class="lead">"A bucket's policy says who else may use it: roles of other accounts, and services. See it, give access to the roles of an application, and have the access proved."</p>
        <GetForm action=AccessQuery::PATH class="form" label="Which bucket">
            <div class="field-row">
                <Select label="Account" name="account" choices=choices value=account
                    hint="The account that owns the bucket."/>
                <Field label="Region" name="region" required=true value=region hint="The bucket's Region, such as eu-west-1."/>
                <Field label="Bucket" name="bucket" required=true value=bucket/>
            </div>
            <div class="form-actions"><button class="button button-primary">"Show who may use it"</button></div>
        </GetForm>
    }
}
