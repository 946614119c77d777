//! What a hold takes or lets go, and the form that starts it.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    LegalHold,
    vaults::{HeldPreview, HoldChange, HoldPlan},
};

use super::covers;
use crate::{
    components::{
        CheckList, Copyable, Disclosure, Field, FormError, GetForm, Moment, Notice, PostForm,
        Style, TextArea, Tone,
    },
    format::{bytes, count, counted},
    outcome::{entered, failure},
    pages::points::points_rows,
    server_fns::holds::{ChangeHold, HoldChangeQuery},
};

/// The plan with its checks, and the confirmation unless a check forbids the start.
pub(super) fn plan_section(plan: HoldPlan, query: HoldChangeQuery) -> impl IntoView {
    let releases = matches!(plan.request.change, HoldChange::Release(_));
    let hold = plan.hold.as_ref().map(facts);
    let retain = releases.then(|| retain(&query));
    let checks = plan.checks.clone();
    let session = plan.session_policy.clone();
    let start = if plan.can_start() {
        confirm(&plan, query.query().as_str().to_owned(), releases).into_any()
    } else {
        view! {
            <Notice tone=Tone::Warn title="A check forbids the start">
                <p>"Fix what it names, or choose something else."</p>
            </Notice>
        }
        .into_any()
    };
    let preview = preview(plan.preview, releases);
    view! {
        {hold}
        {preview}
        {retain}
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

fn facts(hold: &LegalHold) -> impl IntoView + use<> {
    view! {
        <dl class="facts">
            <dt>"Title"</dt><dd>{hold.title.clone()}</dd>
            <dt>"Description"</dt><dd>{hold.description.clone()}</dd>
            <dt>"Status"</dt><dd>{hold.status.to_lowercase()}</dd>
            <dt>"Covers"</dt><dd>{covers(hold)}</dd>
            <dt>"Created"</dt><dd><Moment at=hold.created_at style=Style::Both/></dd>
            <dt>"Id"</dt><dd><Copyable text=hold.id.clone() label="id of the hold"/></dd>
        </dl>
    }
}

fn preview(preview: HeldPreview, releases: bool) -> impl IntoView {
    let title = if releases {
        "Recovery points that it lets go"
    } else {
        "Recovery points that it takes"
    };
    let more = if preview.more { "more than " } else { "" };
    let summary = format!(
        "{more}{} that {} known here, {}.",
        counted(preview.points, "recovery point", "recovery points"),
        if preview.points == 1 { "is" } else { "are" },
        bytes(preview.bytes)
    );
    let overdue = (preview.overdue > 0).then(|| {
        let text = format!(
            "{} of them should be gone by their lifecycle: {}.",
            count(preview.overdue),
            if releases {
                "AWS deletes them once no other hold keeps them"
            } else {
                "the hold keeps them, if AWS has not deleted them yet"
            }
        );
        view! { <p>{text}</p> }
    });
    let rows = (!preview.examples.is_empty()).then(|| points_rows(preview.examples, None, &[]));
    view! {
        <section aria-labelledby="points-title">
            <h2 id="points-title">{title}</h2>
            <p class="review">{summary}</p>
            {overdue}
            {rows}
        </section>
    }
}

fn retain(query: &HoldChangeQuery) -> impl IntoView + use<> {
    let query = query.clone();
    view! {
        <GetForm action="/holds/change" class="form" label="The record of the hold">
            <input type="hidden" name="do" value="release"/>
            <input type="hidden" name="account" value=query.account/>
            <input type="hidden" name="region" value=query.region/>
            <input type="hidden" name="hold" value=query.hold/>
            <input type="hidden" name="chosen" value="1"/>
            <Field label="Keep the record (days)" name="retain" kind="number" min="0" max="36500" value=query.retain
                hint="For how many days AWS keeps the record of the released hold. Empty leaves that to AWS."/>
            <div class="form-actions"><button class="button">"Set"</button></div>
        </GetForm>
    }
}

fn confirm(plan: &HoldPlan, query: String, releases: bool) -> impl IntoView + use<> {
    let rule = failure(ChangeHold::PATH)
        .and_then(|error| error.rule_for("reason").map(str::to_owned))
        .unwrap_or_default();
    let (class, verb, hint) = if releases {
        (
            "button button-danger",
            "Release the legal hold",
            "AWS keeps it with the hold, and the audit log has it.",
        )
    } else {
        (
            "button button-primary",
            "Make the legal hold",
            "For the audit log, in your words.",
        )
    };
    let digest = plan.digest.clone();
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=ChangeHold::PATH/>
            <PostForm action=ChangeHold::PATH class="form">
                <input type="hidden" name="query" value=query/>
                <input type="hidden" name="digest" value=digest/>
                <TextArea label="Reason" name="reason" value=entered(ChangeHold::PATH, "reason")
                    hint=hint error=rule/>
                <div class="form-actions">
                    <button class=class>{verb}</button>
                    <a class="button" href="/holds">"Cancel"</a>
                </div>
            </PostForm>
        </section>
    }
}
