//! What a change of a bucket's policy would do, and the form that starts it.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::policy::{AccessChange, AccessPlan, StatementChange, StatementFate};

use super::findings;
use crate::{
    components::{
        Badge, CheckList, Column, Copyable, Disclosure, Empty, ErrorNotice, FormError, Notice,
        PostForm, Table, TextArea, Tone, load_or,
    },
    outcome::{entered, failure},
    server_fns::policies::{AccessQuery, ChangePolicy, plan_access},
};

/// The plan of the address.
pub(super) fn planned(query: &AccessQuery) -> AnyView {
    let text = query.query().as_str().to_owned();
    let plan = Resource::new_blocking(
        {
            let text = text.clone();
            move || text.clone()
        },
        plan_access,
    );
    let stored = StoredValue::new((query.clone(), text));
    load_or(
        plan,
        move |plan| stored.with_value(|(query, text)| show(plan, query, text)),
        move |error| {
            let back = stored.with_value(|(query, _)| back(query));
            view! { <ErrorNotice error/> {back} }.into_any()
        },
    )
    .into_any()
}

/// The way back to the bucket, with what was entered.
pub(super) fn back(query: &AccessQuery) -> AnyView {
    let href = query.with(&[("do", ""), ("run", "")]).href();
    view! { <p><a class="button" href=href>"Back to the bucket"</a></p> }.into_any()
}

fn show(plan: AccessPlan, query: &AccessQuery, text: &str) -> AnyView {
    let summary = summary(&plan);
    let proves_only = !plan.changes_anything() && plan.request.change == AccessChange::Grant;
    let start = if !plan.changes_anything() && !proves_only {
        view! {
            <Empty title="There is nothing to do">
                <p>"The policy is already as it would be."</p>
            </Empty>
            {back(query)}
        }
        .into_any()
    } else if plan.can_start() {
        form(&plan, query, text, proves_only).into_any()
    } else {
        view! {
            <Notice tone=Tone::Warn title="A check forbids the start">
                <p>"Fix what it names, or choose other roles."</p>
            </Notice>
            {back(query)}
        }
        .into_any()
    };
    let rows = plan.changes.into_iter().map(change_row).collect_view();
    let before = plan
        .before
        .unwrap_or_else(|| "The bucket has no policy.".to_owned());
    let after = plan
        .after
        .unwrap_or_else(|| "The policy is deleted.".to_owned());
    view! {
        <p class="review">{summary}</p>
        <section aria-labelledby="changes-title">
            <h2 id="changes-title">"Statement by statement"</h2>
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
        </section>
        <section aria-labelledby="checks-title">
            <h2 id="checks-title">"Checks"</h2>
            <CheckList checks=plan.checks/>
        </section>
        <section aria-labelledby="dangers-title">
            <h2 id="dangers-title">"What is dangerous in it afterwards"</h2>
            {findings(plan.findings)}
        </section>
        <Disclosure summary="What the run may do">
            <Copyable text=plan.session_policy label="session policy" block=true/>
        </Disclosure>
        {start}
    }
    .into_any()
}

fn summary(plan: &AccessPlan) -> String {
    let count = |fate: StatementFate| plan.changes.iter().filter(|c| c.fate == fate).count();
    let bucket = &plan.request.bucket;
    if !plan.changes_anything() {
        return format!("The policy of {bucket} stays as it is, byte for byte.");
    }
    let mut parts = Vec::new();
    for (fate, word) in [
        (StatementFate::Added, "added"),
        (StatementFate::Changed, "changed"),
        (StatementFate::Removed, "removed"),
    ] {
        match count(fate) {
            0 => {}
            1 => parts.push(format!("1 statement is {word}")),
            many => parts.push(format!("{many} statements are {word}")),
        }
    }
    if parts.is_empty() {
        parts.push("only its form changes".to_owned());
    }
    let kept = match count(StatementFate::Kept) {
        0 => String::new(),
        1 => "; 1 stays as it is, byte for byte".to_owned(),
        many => format!("; {many} stay as they are, byte for byte"),
    };
    format!("In the policy of {bucket}, {}{kept}.", parts.join(", "))
}

/// A statement before and afterwards.
pub(crate) fn change_row(change: StatementChange) -> impl IntoView {
    let tone = match change.fate {
        StatementFate::Kept => Tone::Neutral,
        StatementFate::Added => Tone::Good,
        StatementFate::Changed => Tone::Warn,
        StatementFate::Removed => Tone::Bad,
    };
    let texts = (change.fate != StatementFate::Kept).then(|| {
        let before = change.before.map(|text| {
            view! { <Copyable text=text label="statement before" block=true/> }
        });
        let after = change.after.map(|text| {
            view! { <Copyable text=text label="statement afterwards" block=true/> }
        });
        view! { <Disclosure summary="As JSON, before and afterwards">{before}{after}</Disclosure> }
    });
    view! {
        <tr>
            <th scope="row" class="cell-name">{change.label}</th>
            <td class="nowrap"><Badge tone=tone text=change.fate.as_str()/></td>
            <td class="cell-wide">{change.words}{texts}</td>
        </tr>
    }
}

fn form(
    plan: &AccessPlan,
    query: &AccessQuery,
    text: &str,
    proves_only: bool,
) -> impl IntoView + use<> {
    let rule = failure(ChangePolicy::PATH)
        .and_then(|error| error.rule_for("reason").map(str::to_owned))
        .unwrap_or_default();
    let verb = match (&plan.request.change, proves_only) {
        (_, true) => "Prove access",
        (AccessChange::Grant, _) => "Put the policy and prove access",
        (AccessChange::Revoke, _) => "Take access back",
        (AccessChange::Return { .. }, _) => "Give the policy back",
    };
    let hint = match plan.request.change {
        AccessChange::Grant => {
            "It becomes a run: it puts the policy unless somebody changed it meanwhile, then proves the access of each role. A small object is put and taken away again where a role lets itself be tried."
        }
        _ => "It becomes a run: it puts the policy unless somebody changed it meanwhile.",
    };
    let (text, digest) = (text.to_owned(), plan.digest.clone());
    let back = query.with(&[("do", ""), ("run", "")]).href();
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=ChangePolicy::PATH/>
            <PostForm action=ChangePolicy::PATH class="form">
                <input type="hidden" name="query" value=text/>
                <input type="hidden" name="digest" value=digest/>
                <TextArea label="Reason" name="reason" value=entered(ChangePolicy::PATH, "reason")
                    hint="For the audit log, in your words." error=rule/>
                <div class="form-actions">
                    <button class="button button-primary">{verb}</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">{hint}</p>
            </PostForm>
        </section>
    }
}
