//! What a change of a vault would do, and the form that starts it.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::vaults::{VaultChange, VaultPlan};

use super::{rehearsal::rehearsal, vault_href};
use crate::{
    components::{
        CheckList, Column, Copyable, Disclosure, Field, FormError, Notice, PostForm, Table,
        TextArea, Tone,
    },
    outcome::{entered, failure},
    pages::buckets_access::{findings, statement_row},
    server_fns::vaults::ChangeVault,
};

/// The plan with its checks, and the confirmation unless a check forbids the start.
pub(super) fn plan_section(plan: VaultPlan, query: String) -> impl IntoView {
    let effects = plan
        .effects
        .iter()
        .map(|effect| view! { <li>{effect.clone()}</li> })
        .collect_view();
    let rehearsed = plan.rehearsal.as_ref().map(rehearsal);
    let policy = shows_policy(&plan).then(|| policy(&plan));
    let checks = plan.checks.clone();
    let session = plan.session_policy.clone();
    let start = if plan.can_start() {
        confirm(&plan, query).into_any()
    } else {
        view! {
            <Notice tone=Tone::Warn title="A check forbids the start">
                <p>"Fix what it names, or choose something else."</p>
            </Notice>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="effects-title">
            <h2 id="effects-title">"What would happen"</h2>
            <ul class="review">{effects}</ul>
        </section>
        {rehearsed}
        {policy}
        <section aria-labelledby="checks-title">
            <h2 id="checks-title">"Checks"</h2>
            <CheckList checks/>
        </section>
        <Disclosure summary="What the run may do">
            <Copyable text=session label="session policy" block=true/>
        </Disclosure>
        {start}
    }
}

fn shows_policy(plan: &VaultPlan) -> bool {
    match &plan.request.change {
        VaultChange::Create(new) => new.policy.is_some(),
        VaultChange::Policy(_) => true,
        VaultChange::Lock(_) | VaultChange::Unlock | VaultChange::Delete => false,
    }
}

fn policy(plan: &VaultPlan) -> impl IntoView + use<> {
    let rows = plan
        .statements
        .iter()
        .cloned()
        .map(statement_row)
        .collect_view();
    let text =
        |policy: Option<&String>, none: &str| policy.map_or_else(|| none.to_owned(), String::clone);
    let before = text(
        plan.policy_before.as_ref(),
        "The vault has no access policy.",
    );
    let after = text(
        plan.policy_after.as_ref(),
        "The vault has no access policy then.",
    );
    view! {
        <section aria-labelledby="statements-title">
            <h2 id="statements-title">"Access policy, statement by statement"</h2>
            <Table
                label="Statement by statement"
                columns=vec![Column::text("Statement"), Column::text("What becomes of it"), Column::text("What it says")]
            >
                {rows}
            </Table>
            <Disclosure summary="The policy before">
                <Copyable text=before label="policy before" block=true/>
            </Disclosure>
            <Disclosure summary="The policy afterwards">
                <Copyable text=after label="policy afterwards" block=true/>
            </Disclosure>
            <h3>"What is dangerous in it afterwards"</h3>
            {findings(plan.findings.clone())}
        </section>
    }
}

fn confirm(plan: &VaultPlan, query: String) -> impl IntoView + use<> {
    let rule = |field: &str| {
        failure(ChangeVault::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let (class, verb) = match &plan.request.change {
        VaultChange::Create(_) => ("button button-primary", "Create the vault"),
        VaultChange::Policy(_) => ("button button-primary", "Change the access policy"),
        VaultChange::Lock(wish) if wish.is_compliance() => {
            ("button button-danger", "Lock the vault in compliance mode")
        }
        VaultChange::Lock(_) => ("button button-primary", "Lock the vault"),
        VaultChange::Unlock => ("button button-danger", "Remove the lock"),
        VaultChange::Delete => ("button button-danger", "Delete the vault"),
    };
    let typed = plan.confirmation.as_ref().map(|name| {
        let hint = format!("This cannot be taken back. To confirm, type the vault's name: {name}");
        view! {
            <Field label="Confirmation" name="confirmation" required=true hint=hint
                value=entered(ChangeVault::PATH, "confirmation") error=rule("confirmation")/>
        }
    });
    let back = match &plan.vault {
        Some(vault) => vault_href(&vault.arn),
        None => "/vaults".to_owned(),
    };
    let digest = plan.digest.clone();
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=ChangeVault::PATH/>
            <PostForm action=ChangeVault::PATH class="form">
                <input type="hidden" name="query" value=query/>
                <input type="hidden" name="digest" value=digest/>
                {typed}
                <TextArea label="Reason" name="reason" value=entered(ChangeVault::PATH, "reason")
                    hint="For the audit log, in your words." error=rule("reason")/>
                <div class="form-actions">
                    <button class=class>{verb}</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">"It becomes a run. It is refused when the vault, or the plans that use it, have changed since this page was made."</p>
            </PostForm>
        </section>
    }
}
