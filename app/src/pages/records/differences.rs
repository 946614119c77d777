//! What differs: counts first, then the records, which can be picked and undone.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege, Reach,
    records::{AttributeCount, CaptureView, Comparison, DifferenceKind, RecordDifference},
};

use super::{notes, troubles};
use crate::{
    components::{
        Badge, Choice, Column, Empty, Field, GetForm, Moment, Pagination, PickAll, PostForm,
        RecordChanges, RecordKey, Select, Style, Table, Tone,
    },
    format::{count, counted},
    server_fns::records::{CompareQuery, PlanUndo, RecordQuery},
    use_session,
};

/// The comparison.
pub(super) fn differences(
    comparison: Comparison,
    view: &CaptureView,
    query: &CompareQuery,
) -> impl IntoView + use<> {
    // The comparison that is shown, so that its pages belong together.
    let query = match comparison.to {
        Some(_) => query.clone(),
        None => CompareQuery {
            at: comparison.compared_at.to_string(),
            ..query.clone()
        },
    };
    let again = comparison.to.is_none().then(|| {
        let href = query.with(|query| query.at.clear()).href();
        view! { " " <a href=href rel="nofollow">"Compare again"</a> }
    });
    let what = match comparison.to {
        Some(to) => view! { <Moment at=to style=Style::Exact/> }.into_any(),
        None => view! {
            "the live table, as it was read " <Moment at=comparison.compared_at style=Style::Both/> {again}
        }
        .into_any(),
    };
    let body = if comparison.counts.differing() == 0 {
        view! {
            <Empty title="Nothing differs">
                <p>{format!("{} are the same.", counted(comparison.counts.unchanged, "record", "records"))}</p>
            </Empty>
        }
        .into_any()
    } else {
        list(&comparison, view, &query).into_any()
    };
    view! {
        <p class="lead">
            "From " <Moment at=comparison.from style=Style::Exact/> " to " {what}
        </p>
        {notes(comparison.notes.clone())}
        {troubles(comparison.troubles.clone())}
        {body}
    }
}

fn list(
    comparison: &Comparison,
    view: &CaptureView,
    query: &CompareQuery,
) -> impl IntoView + use<> {
    let beyond = comparison
        .counts
        .differing()
        .saturating_sub(comparison.held);
    let beyond = (beyond > 0).then(|| {
        notes(vec![format!(
            "{} records differ; the first {} by key are listed and can be undone. Choose moments closer together for the others.",
            count(comparison.counts.differing()),
            count(comparison.held)
        )])
    });
    view! {
        {figures(comparison, query)}
        {attributes(&comparison.attributes, query)}
        {beyond}
        {filter(query)}
        {records(comparison, view, query)}
    }
}

/// How many of each kind; each is the way to just those.
fn figures(comparison: &Comparison, query: &CompareQuery) -> impl IntoView + use<> {
    let counts = comparison.counts;
    let figure = |kind: Option<DifferenceKind>, number: u64, word: &'static str| {
        let value = kind.map(DifferenceKind::as_str).unwrap_or_default();
        let current = (query.kind == value).then_some("true");
        let href = query.with(|query| value.clone_into(&mut query.kind)).href();
        view! {
            <li><a class="choice" href=href aria-current=current>{word} " " <strong>{count(number)}</strong></a></li>
        }
    };
    view! {
        <ul class="choices" aria-label="Kind of difference">
            {figure(None, counts.differing(), "differ")}
            {figure(Some(DifferenceKind::Changed), counts.changed, "changed")}
            {figure(Some(DifferenceKind::Created), counts.created, "created")}
            {figure(Some(DifferenceKind::Deleted), counts.deleted, "deleted")}
            <li class="choices-note">{format!("{} unchanged", count(counts.unchanged))}</li>
        </ul>
    }
}

/// In which attributes records differ: what a bad deployment has in common.
fn attributes(attributes: &[AttributeCount], query: &CompareQuery) -> AnyView {
    if attributes.is_empty() {
        return ().into_any();
    }
    let links = attributes
        .iter()
        .map(|attribute| {
            let is_current = query.attribute == attribute.name;
            let current = is_current.then_some("true");
            let href = query
                .with(|query| {
                    if is_current {
                        query.attribute.clear();
                    } else {
                        attribute.name.clone_into(&mut query.attribute);
                    }
                })
                .href();
            view! {
                <li>
                    <a class="choice" href=href aria-current=current>
                        <code>{attribute.name.clone()}</code> " " {count(attribute.records)}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="choices-row">
            <p class="choices-label" id="attributes-label">"Attributes that changed"</p>
            <ul class="choices" aria-labelledby="attributes-label">{links}</ul>
        </div>
    }
    .into_any()
}

fn filter(query: &CompareQuery) -> impl IntoView + use<> {
    let rows = ["50", "100", "250", "500"]
        .map(|rows| Choice::new(if rows == "100" { "" } else { rows }, rows))
        .to_vec();
    let hidden = [
        ("capture", &query.capture),
        ("from", &query.from),
        ("to", &query.to),
        ("at", &query.at),
        ("kind", &query.kind),
        ("attribute", &query.attribute),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
    .collect_view();
    let (text, chosen) = (query.text.clone(), query.rows.clone());
    view! {
        <GetForm action=CompareQuery::PATH class="filters" label="Filter the differences">
            {hidden}
            <Field label="Key contains" name="text" kind="search" value=text/>
            <Select label="Rows" name="rows" choices=rows value=chosen/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn records(
    comparison: &Comparison,
    view: &CaptureView,
    query: &CompareQuery,
) -> impl IntoView + use<> {
    if comparison.records.is_empty() {
        let all = query
            .with(|query| {
                query.kind.clear();
                query.attribute.clear();
                query.text.clear();
            })
            .href();
        return view! {
            <Empty title="No difference matches"><p><a class="button" href=all>"Show all"</a></p></Empty>
        }
        .into_any();
    }
    let undoes = use_session()
        .me
        .is_some_and(|me| me.role.allows(Privilege::Restore) == Reach::All);
    let picked = RwSignal::new(false);
    let rows = comparison
        .records
        .iter()
        .cloned()
        .map(|record| row(record, &view.capture.id, undoes.then_some(picked)))
        .collect_view();
    let mut columns = vec![
        Column::text("Record"),
        Column::text("Difference"),
        Column::text("Attributes"),
    ];
    if undoes {
        columns.insert(0, Column::text("Select"));
    }
    let table = view! { <Table label="Records that differ" columns=columns>{rows}</Table> };
    let shown = comparison.records.len() as u64;
    let end = comparison.start + shown;
    let summary = format!(
        "{} to {} of {}, by key",
        count(comparison.start + 1),
        count(end),
        count(comparison.matching)
    );
    let first = (comparison.start > 0).then(|| query.with(|_| {}).href());
    let next = (end < comparison.matching)
        .then(|| query.with(|query| query.start = end.to_string()).href());
    let pagination = view! { <Pagination summary first next/> };
    if !undoes {
        return view! { {table}{pagination} }.into_any();
    }
    let text = query.query().as_str().to_owned();
    let compared_at = comparison.compared_at.to_string();
    let tools = tools(comparison, picked);
    view! {
        <PostForm action=PlanUndo::PATH>
            <input type="hidden" name="query" value=text/>
            <input type="hidden" name="compared_at" value=compared_at/>
            {tools}
            {table}
        </PostForm>
        {pagination}
    }
    .into_any()
}

/// What can be done with the rows that are picked, and with all that match.
fn tools(comparison: &Comparison, picked: RwSignal<bool>) -> impl IntoView + use<> {
    let all = format!(
        "Undo all {}…",
        counted(comparison.matching, "record", "records")
    );
    view! {
        <div class="tools" role="group" aria-label="Undo">
            <p class="tools-row">
                <span class="tools-label">"Selected:"</span>
                <button class="button button-small button-primary" name="choice" value="picked">"Undo these…"</button>
                <PickAll picked/>
            </p>
            <p class="tools-row">
                <span class="tools-label">"All that match:"</span>
                <button class="button button-small" name="choice" value="all">{all}</button>
            </p>
            <p class="field-hint">"First you see exactly what would be written; nothing is changed before you confirm it."</p>
        </div>
    }
}

fn row(
    record: RecordDifference,
    capture: &str,
    picked: Option<RwSignal<bool>>,
) -> impl IntoView + use<> {
    let href = RecordQuery::of(capture, &record.key.text).href();
    let pick = picked.map(|picked| {
        let label = format!("Select {}", record.key.label());
        let value = record.key.text.clone();
        view! {
            <td>
                <label class="pick">
                    <input type="checkbox" name="keys[]" value=value aria-label=label prop:checked=move || picked.get()/>
                </label>
            </td>
        }
    });
    let tone = match record.kind {
        DifferenceKind::Created => Tone::Good,
        DifferenceKind::Changed => Tone::Warn,
        DifferenceKind::Deleted => Tone::Bad,
    };
    view! {
        <tr>
            {pick}
            <td class="cell-name"><a class="row-link" href=href.clone()><RecordKey key=record.key/></a></td>
            <td class="nowrap"><Badge tone=tone text=record.kind.as_str()/></td>
            <td class="cell-record"><RecordChanges changes=record.changes all=href/></td>
        </tr>
    }
}
