use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    records::{CaptureView, ShownKey, UndoAction, UndoKind, UndoPlan, UndoResult},
};

use super::{crumbs, notes, of_capture, troubles};
use crate::{
    components::{
        Badge, Column, Crumb, Empty, Field, FormError, Moment, Notice, PageHead, Pagination,
        PostForm, RecordChanges, RecordKey, Stat, Style, Table, TextArea, Tone, load,
    },
    format::{count, counted},
    outcome::{entered, failure},
    pages::search,
    server_fns::records::{CompareQuery, RecordQuery, StartUndo, UndoQuery, get_undo, moment},
};

/// The plan of an undo: what would be written, what is left and why, and the form that starts it.
/// Once it is under way, what became of each record.
#[component]
pub(crate) fn UndoPage() -> impl IntoView {
    of_capture(
        Privilege::Restore,
        "An operator or an admin can undo records in the live table.",
        show,
    )
}

fn show(view: CaptureView) -> AnyView {
    let search = search();
    let plan = Resource::new_blocking(move || search.get(), get_undo);
    let title = format!("Undo in {}", view.capture.table_name());
    let mut way = crumbs(&view);
    way.push(Crumb::new(
        "Compare",
        CompareQuery {
            capture: view.capture.id.clone(),
            ..CompareQuery::default()
        }
        .href(),
    ));
    let view = StoredValue::new(view);
    view! {
        <PageHead title=title crumbs=way/>
        {load(plan, move |plan| {
            let query = UndoQuery::parse(&search.get_untracked());
            view.with_value(|view| plan_of(plan, view, &query))
        })}
    }
    .into_any()
}

fn plan_of(plan: UndoPlan, view: &CaptureView, query: &UndoQuery) -> AnyView {
    let start = if plan.progress.is_some() {
        progress(&plan)
    } else if plan.counts.actions() == 0 {
        let back = compare_href(&plan, view);
        view! {
            <Empty title="There is nothing to undo">
                <p>"These records are as they were, or changed since."</p>
                <p><a class="button" href=back>"Back to the comparison"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        form(&plan, view).into_any()
    };
    let undone = plan.to.map(
        |to| view! { " What happened until " <Moment at=to style=Style::Exact/> " is undone." },
    );
    view! {
        <p class="review">
            {summary(&plan)} " " <Moment at=plan.from style=Style::Exact/> "." {undone}
        </p>
        {conflicts(&plan)}
        {notes(plan.notes.clone())}
        {troubles(plan.troubles.clone())}
        {figures(&plan)}
        {start}
        {actions(&plan, view, query)}
    }
    .into_any()
}

fn summary(plan: &UndoPlan) -> String {
    let counts = plan.counts;
    let mut parts = Vec::new();
    for (number, words) in [
        (counts.overwrite, "written as they were"),
        (counts.create, "brought back"),
        (counts.delete, "deleted"),
    ] {
        if number > 0 {
            parts.push(format!("{} {words}", count(number)));
        }
    }
    let records = counted(counts.actions(), "record", "records");
    if parts.is_empty() {
        return format!("Nothing would be written to {} as of", plan.table.name());
    }
    format!(
        "{records} of {} will be as they were: {}, as of",
        plan.table.name(),
        parts.join(", ")
    )
}

fn compare_href(plan: &UndoPlan, view: &CaptureView) -> String {
    CompareQuery {
        capture: view.capture.id.clone(),
        from: moment::field_of(plan.from),
        to: plan.to.map(moment::field_of).unwrap_or_default(),
        ..CompareQuery::default()
    }
    .href()
}

/// Records that somebody wrote meanwhile: the one thing that must be named.
fn conflicts(plan: &UndoPlan) -> AnyView {
    if plan.conflicts_total == 0 {
        return ().into_any();
    }
    let records = counted(plan.conflicts_total, "record", "records");
    let title = match (plan.progress.is_some(), plan.conflicts_total) {
        (false, _) => format!("{records} changed since and will be left alone"),
        (true, 1) => format!("{records} had changed since and was left alone"),
        (true, _) => format!("{records} had changed since and were left alone"),
    };
    let more = plan
        .conflicts_total
        .saturating_sub(plan.conflicts.len() as u64);
    let more = (more > 0).then(|| view! { <li>{format!("and {} more", count(more))}</li> });
    let names = plan
        .conflicts
        .iter()
        .cloned()
        .map(|key: ShownKey| view! { <li><RecordKey key=key/></li> })
        .collect_view();
    view! {
        <Notice tone=Tone::Warn title=title>
            <p>"What was written to them after the damage would be lost."</p>
            <ul class="names">{names}{more}</ul>
        </Notice>
    }
    .into_any()
}

fn figures(plan: &UndoPlan) -> impl IntoView + use<> {
    let counts = plan.counts;
    view! {
        <dl class="stats">
            <Stat label="Written as they were" value=count(counts.overwrite)/>
            <Stat label="Brought back" value=count(counts.create)/>
            <Stat label="Deleted" value=count(counts.delete)/>
            <Stat label="Left: changed since" value=count(plan.conflicts_total)/>
            <Stat label="Already as they were" value=count(counts.unchanged)/>
        </dl>
    }
}

/// How far it has come.
fn progress(plan: &UndoPlan) -> AnyView {
    let Some(progress) = plan.progress.clone() else {
        return ().into_any();
    };
    let title = if progress.finished {
        "This plan was carried out"
    } else {
        "This plan is being carried out"
    };
    let left = (progress.left > 0).then(|| {
        let text = counted(progress.left, "record", "records");
        view! { <p>{text} " changed between plan and run, and were left alone."</p> }
    });
    view! {
        <Notice tone=Tone::Good title=title>
            <p>{format!("{} are done.", counted(progress.done, "record", "records"))}</p>
            {left}
            <p><a href="/runs">"See the runs"</a></p>
        </Notice>
    }
    .into_any()
}

fn form(plan: &UndoPlan, view: &CaptureView) -> impl IntoView + use<> {
    let rule = |field: &str| {
        failure(StartUndo::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let table = view.capture.table_name().to_owned();
    let verb = format!(
        "Undo {}",
        counted(plan.counts.actions(), "record", "records")
    );
    let back = compare_href(plan, view);
    let (capture, id, digest) = (
        view.capture.id.clone(),
        plan.id.clone(),
        plan.digest.clone(),
    );
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=StartUndo::PATH/>
            <PostForm action=StartUndo::PATH class="form">
                <input type="hidden" name="capture" value=capture/>
                <input type="hidden" name="plan" value=id/>
                <input type="hidden" name="digest" value=digest/>
                <Field label="Confirmation" name="confirmation" required=true
                    hint=format!("To confirm, type the table's name: {table}")
                    value=entered(StartUndo::PATH, "confirmation") error=rule("confirmation")/>
                <TextArea label="Reason" name="reason" value=entered(StartUndo::PATH, "reason")
                    hint="For the audit log, in your words." error=rule("reason")/>
                <div class="form-actions">
                    <button class="button button-danger">{verb}</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">"It becomes a run. A record that somebody writes in between is left alone and named."</p>
            </PostForm>
        </section>
    }
}

fn actions(plan: &UndoPlan, view: &CaptureView, query: &UndoQuery) -> AnyView {
    if plan.actions.is_empty() {
        return ().into_any();
    }
    let begun = plan.progress.is_some();
    let id = view.capture.id.clone();
    let rows = plan
        .actions
        .iter()
        .cloned()
        .map(|action| row(action, &id, begun))
        .collect_view();
    let mut columns = vec![
        Column::text("Record"),
        Column::text("What is done"),
        Column::text("From what it is to what it was"),
    ];
    if begun {
        columns.insert(2, Column::text("Result"));
    }
    let end = plan.start + plan.actions.len() as u64;
    let total = plan.counts.actions();
    let summary = format!(
        "{} to {} of {}, by key",
        count(plan.start + 1),
        count(end),
        count(total)
    );
    let at = |start: u64| {
        UndoQuery {
            start: if start == 0 {
                String::new()
            } else {
                start.to_string()
            },
            ..query.clone()
        }
        .href()
    };
    let first = (plan.start > 0).then(|| at(0));
    let next = (end < total).then(|| at(end));
    view! {
        <section aria-labelledby="actions-title">
            <h2 id="actions-title">"Changes by record"</h2>
            <Table label="What is done with each record" columns=columns>{rows}</Table>
            <Pagination summary first next/>
        </section>
    }
    .into_any()
}

fn row(action: UndoAction, capture: &str, begun: bool) -> impl IntoView + use<> {
    let href = RecordQuery::of(capture, &action.key.text).href();
    let tone = match action.kind {
        UndoKind::Create => Tone::Good,
        UndoKind::Overwrite => Tone::Warn,
        UndoKind::Delete => Tone::Bad,
    };
    let result = begun.then(|| {
        let badge = match action.result {
            Some(UndoResult::Undone) => view! { <Badge tone=Tone::Good text="undone"/> }.into_any(),
            Some(UndoResult::Left) => {
                view! { <Badge tone=Tone::Warn text="left: changed since"/> }.into_any()
            }
            None => view! { <Badge tone=Tone::Neutral text="to go"/> }.into_any(),
        };
        view! { <td class="nowrap">{badge}</td> }
    });
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=href.clone()><RecordKey key=action.key/></a></td>
            <td class="nowrap"><Badge tone=tone text=action.kind.as_str()/></td>
            {result}
            <td class="cell-record"><RecordChanges changes=action.changes all=href/></td>
        </tr>
    }
}
