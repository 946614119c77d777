//! What a person chooses before a change of a vault is planned.

use leptos::prelude::*;
use tidemark_domain::AccountSummary;

use crate::{
    components::{Choice, Field, GetForm, Select, TextArea, load},
    server_fns::{accounts::list_accounts, vaults::VaultChangeQuery},
};

/// The form of the change; none where there is nothing to choose.
pub(super) fn form(query: VaultChangeQuery) -> AnyView {
    match query.what.as_str() {
        "create" => create(query),
        "policy" => policy(query),
        "lock" => lock(query),
        _ => ().into_any(),
    }
}

/// The vault that it is about.
fn place(query: &VaultChangeQuery) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="do" value=query.what.clone()/>
        <input type="hidden" name="account" value=query.account.clone()/>
        <input type="hidden" name="region" value=query.region.clone()/>
        <input type="hidden" name="vault" value=query.vault.clone()/>
        <input type="hidden" name="chosen" value="1"/>
    }
}

fn named(query: &VaultChangeQuery) -> String {
    format!(
        "Vault {} of {} in {}",
        query.vault, query.account, query.region
    )
}

fn create(query: VaultChangeQuery) -> AnyView {
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let query = StoredValue::new(query);
    load(accounts, move |accounts| {
        create_form(&accounts, query.get_value()).into_any()
    })
    .into_any()
}

fn create_form(accounts: &[AccountSummary], query: VaultChangeQuery) -> impl IntoView + use<> {
    let choices: Vec<Choice> = accounts
        .iter()
        .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
        .collect();
    view! {
        <p class="lead">"A vault keeps recovery points. Its key, its access policy and its lock say who can read, copy and delete them."</p>
        <GetForm action="/vaults/change" class="form" label="The vault">
            <input type="hidden" name="do" value="create"/>
            <input type="hidden" name="chosen" value="1"/>
            <div class="field-row">
                <Select label="Account" name="account" choices=choices value=query.account/>
                <Field label="Region" name="region" required=true value=query.region/>
                <Field label="Name" name="vault" required=true value=query.vault
                    hint="2 to 50 letters, digits, - and _; it cannot be changed later."/>
            </div>
            <Field label="KMS key" name="key" value=query.key
                hint="ARN of a customer managed key of the Region; it cannot be changed later. Empty takes AWS's own key aws/backup, which no other account can use: then nothing in the vault can be copied to another account."/>
            <TextArea label="Tags" name="tags" value=query.tags hint="One a line, as in team=storage."/>
            <TextArea label="Access policy" name="policy" value=query.policy rows=4
                hint="JSON; may stay empty. Only admins can set one."/>
            <div class="form-actions"><button class="button button-primary">"Show what would be created"</button></div>
        </GetForm>
    }
}

fn policy(query: VaultChangeQuery) -> AnyView {
    let edits = vec![
        Choice::new("allow_copies", "accounts may copy into the vault"),
        Choice::new(
            "stop_copies",
            "accounts may not copy into the vault any more",
        ),
        Choice::new("deny_deletion", "nobody may delete recovery points"),
        Choice::new("allow_deletion", "take back that nobody may delete"),
        Choice::new("write", "write the whole policy"),
        Choice::new("remove", "remove the whole policy"),
    ];
    view! {
        <p class="review">{named(&query)}</p>
        <GetForm action="/vaults/change" class="form" label="The access policy">
            {place(&query)}
            <Select label="Change" name="edit" choices=edits value=query.edit
                hint="What others wrote into the policy keeps every byte, unless the whole of it is written or removed."/>
            <Field label="Accounts" name="accounts" value=query.accounts
                hint="Account ids, for copies alone. Both accounts must be in one organization."/>
            <TextArea label="Whole policy" name="policy" value=query.policy rows=6
                hint="JSON, where the whole policy is written."/>
            <div class="form-actions"><button class="button button-primary">"Show what would change"</button></div>
        </GetForm>
    }
    .into_any()
}

fn lock(query: VaultChangeQuery) -> AnyView {
    let modes = vec![
        Choice::new(
            "governance",
            "governance: who has the permission can remove it",
        ),
        Choice::new(
            "compliance",
            "compliance: nobody can ever remove it, not even AWS",
        ),
    ];
    view! {
        <p class="review">{named(&query)}</p>
        <p class="lead">"A lock keeps recovery points from being deleted and their lifecycles from being changed, and fails jobs whose retention lies outside its limits. Here it is rehearsed first: against every plan, the jobs that have not ended and the points that are there."</p>
        <GetForm action="/vaults/change" class="form" label="The lock">
            {place(&query)}
            <Select label="Mode" name="mode" choices=modes value=query.mode/>
            <Field label="Days to change it" name="days" kind="number" min="3" max="36500" value=query.days
                hint="Compliance mode only: for so many days the lock can still be changed or removed, 3 at least. After that, never."/>
            <div class="field-row">
                <Field label="Shortest retention (days)" name="min" kind="number" min="1" max="36500" value=query.min
                    hint="Jobs that keep their points for fewer days fail. Empty demands nothing."/>
                <Field label="Longest retention (days)" name="max" kind="number" min="1" max="36500" value=query.max
                    hint="Jobs that keep their points for longer, or forever, fail. Empty allows any."/>
            </div>
            <div class="check-box">
                <input type="checkbox" id="field-accept" name="accept" value="1" checked=query.accept/>
                <label for="field-accept">"Set it although jobs of plans would fail"</label>
            </div>
            <div class="form-actions"><button class="button button-primary">"Rehearse the lock"</button></div>
        </GetForm>
    }
    .into_any()
}
