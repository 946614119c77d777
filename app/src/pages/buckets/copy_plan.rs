use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Verdict,
    buckets::{CopyNote, CopyPlan, Existing},
};

use super::browse_href;
use crate::{
    components::{CheckList, Column, FormError, Notice, PostForm, Table, TextArea, Tone},
    format::{bytes, count, counted},
    outcome::entered,
    server_fns::buckets::CopyPrefix,
};

/// What will be copied, what is there already, what is left and why; and the form that starts it.
pub(super) fn plan_section(plan: CopyPlan, query: String) -> impl IntoView {
    let forbidden = plan
        .checks
        .iter()
        .any(|check| check.verdict == Verdict::Fail);
    let checks = plan.checks.clone();
    let more = (!plan.complete).then(|| {
        view! {
            <Notice tone=Tone::Warn title="There are more objects than were counted">
                <p>"The run counts the rest as it goes, by the same rules. What it finds at the destination that is another object it leaves or replaces as chosen, but never what came there after now."</p>
            </Notice>
        }
    });
    let start = (!forbidden).then(|| form(&plan, query));
    view! {
        <section aria-labelledby="plan-title">
            <h2 id="plan-title">"What would be copied"</h2>
            <p class="review">{summary(&plan)}</p>
            {more}
            {figures(&plan)}
            {notes(&plan.notes)}
            <CheckList checks/>
        </section>
        {start}
    }
}

fn summary(plan: &CopyPlan) -> String {
    let counts = &plan.counts;
    let more = if plan.complete { "" } else { " or more" };
    format!(
        "{}{more} ({}) will be copied to {} of {} in {}. {} there already.",
        counted(counts.missing, "object", "objects"),
        bytes(counts.missing_bytes),
        plan.request.to.bucket,
        plan.request.to.account,
        plan.request.to.region,
        if counts.there == 1 {
            "1 is".to_owned()
        } else {
            format!("{} are", count(counts.there))
        }
    )
}

fn figures(plan: &CopyPlan) -> impl IntoView + use<> {
    let counts = &plan.counts;
    let others = match plan.request.existing {
        Existing::Skip => "another object is there: skipped",
        Existing::Replace => "another object is there: replaced",
    };
    let rows = [
        (counts.objects, "under the prefix"),
        (counts.missing, "not there yet: copied"),
        (counts.there, "there already, by size and ETag"),
        (
            counts.unclear,
            "of the same size there: compared by checksum while copying",
        ),
        (counts.differ, others),
        (counts.left, "cannot be copied as they are"),
        (counts.large, "larger than 5 GiB: copied in parts"),
    ]
    .into_iter()
    .map(|(number, what)| {
        view! { <tr><th scope="row">{what}</th><td class="numeric">{count(number)}</td></tr> }
    })
    .collect_view();
    let source = browse_href(&plan.request.from, &plan.request.prefix);
    let target = browse_href(&plan.request.to, &plan.request.to_prefix);
    view! {
        <Table label="Objects" columns=vec![Column::text("Objects"), Column::number("How many")]>
            {rows}
        </Table>
        <p><a href=source>"Look at the source"</a> " · " <a href=target>"Look at the destination"</a></p>
    }
}

fn notes(notes: &[CopyNote]) -> AnyView {
    if notes.is_empty() {
        return ().into_any();
    }
    let rows = notes
        .iter()
        .map(|note| {
            view! { <tr><td class="cell-name">{note.key.clone()}</td><td class="cell-wide">{note.why.clone()}</td></tr> }
        })
        .collect_view();
    view! {
        <Table
            label="The first that are not simply copied"
            columns=vec![Column::text("Not simply copied"), Column::text("Reason")]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn form(plan: &CopyPlan, query: String) -> impl IntoView + use<> {
    let digest = plan.digest.clone();
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=CopyPrefix::PATH/>
            <PostForm action=CopyPrefix::PATH class="form">
                <input type="hidden" name="query" value=query/>
                <input type="hidden" name="digest" value=digest/>
                <TextArea label="Reason" name="reason" value=entered(CopyPrefix::PATH, "reason")
                    hint="For the audit log."/>
                <div class="form-actions"><button class="button button-primary">"Copy"</button></div>
                <p class="field-hint">"It becomes a run: you can close the page, and it goes on where it stopped."</p>
            </PostForm>
        </section>
    }
}
