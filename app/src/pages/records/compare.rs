use jiff::{SignedDuration, Timestamp};
use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{Privilege, records::CaptureView};

use super::{READERS, crumbs, differences::differences, of_capture};
use crate::{
    clock::page_clock,
    components::{ErrorNotice, Field, FormError, GetForm, PageHead, load_or},
    error::AppError,
    format::windows_in_words,
    pages::search,
    server_fns::records::{CompareQuery, PlanUndo, compare_records, moment},
};

/// What differs between two moments, or between a moment and the live table; the way to undo it.
#[component]
pub(crate) fn ComparePage() -> impl IntoView {
    of_capture(Privilege::ReadRecords, READERS, show)
}

fn show(view: CaptureView) -> AnyView {
    let search = search();
    let view = StoredValue::new(view);
    let shown = move || {
        let query = CompareQuery::parse(&search.get());
        view.with_value(|view| {
            let body = if query.is_asked() {
                compared(view, query).into_any()
            } else {
                view! {
                    {form(view, &query, None)}
                    {suggestions(view, &query)}
                }
                .into_any()
            };
            view! {
                <PageHead title=format!("Compare {}", view.capture.table_name()) crumbs=crumbs(view)/>
                <FormError action=PlanUndo::PATH/>
                {body}
            }
        })
    };
    shown.into_any()
}

fn compared(view: &CaptureView, query: CompareQuery) -> impl IntoView + use<> {
    let text = query.query().as_str().to_owned();
    let comparison = Resource::new_blocking(move || text.clone(), compare_records);
    let about = StoredValue::new((view.clone(), query));
    load_or(
        comparison,
        move |comparison| {
            about.with_value(|(view, query)| {
                view! {
                    {form(view, query, None)}
                    {differences(comparison, view, query)}
                }
                .into_any()
            })
        },
        move |error| {
            about.with_value(|(view, query)| {
                let form = form(view, query, Some(&error));
                view! {
                    {form}
                    <ErrorNotice error=error.clone()/>
                }
                .into_any()
            })
        },
    )
}

/// The two moments.
fn form(
    view: &CaptureView,
    query: &CompareQuery,
    error: Option<&AppError>,
) -> impl IntoView + use<> {
    let rule = |field: &str| {
        error
            .and_then(|error| error.rule_for(field))
            .unwrap_or_default()
            .to_owned()
    };
    let field = |text: &str| text.trim_end_matches('Z').replace(' ', "T");
    let (capture, from, to) = (query.capture.clone(), field(&query.from), field(&query.to));
    let (from_rule, to_rule) = (rule("from"), rule("to"));
    let windows = view.status.windows();
    let known = (!windows.is_empty()).then(|| {
        view! {
            <p class="field-hint">
                "Every second " {windows_in_words(&windows)} " is known. Each moment counts with the whole of its second. An empty “To” is the live table, which is read whole."
            </p>
        }
    });
    view! {
        <GetForm action=CompareQuery::PATH class="filters" role="search" label="Compare two moments">
            <input type="hidden" name="capture" value=capture/>
            <Field label="From, UTC" name="from" kind="datetime-local" step="1" required=true
                value=from error=from_rule/>
            <Field label="To, UTC" name="to" kind="datetime-local" step="1"
                value=to error=to_rule/>
            <button class="button button-primary">"Compare"</button>
        </GetForm>
        {known}
    }
}

/// Where to begin, for who has no moment in mind.
fn suggestions(view: &CaptureView, query: &CompareQuery) -> AnyView {
    let windows = view.status.windows();
    let Some(first) = windows.first() else {
        return view! { <p>"The first copy of the table is not whole yet; there is nothing to compare."</p> }
            .into_any();
    };
    let now = page_clock().now_once();
    let links = [
        (SignedDuration::from_mins(10), "the last ten minutes"),
        (SignedDuration::from_hours(1), "the last hour"),
        (SignedDuration::from_hours(24), "the last day"),
        (SignedDuration::from_hours(24 * 7), "the last week"),
    ]
    .into_iter()
    .filter_map(|(ago, words)| {
        let from = now.checked_sub(ago).ok()?;
        windows
            .iter()
            .any(|window| window.contains(from))
            .then(|| link(query, from, words))
    })
    .chain(std::iter::once(link(
        query,
        ceiling(first.earliest),
        "all that is known",
    )))
    .collect_view();
    view! {
        <p>"What became different in the live table since:"</p>
        <ul class="choices" aria-label="Compare with the live table">{links}</ul>
    }
    .into_any()
}

fn link(query: &CompareQuery, from: Timestamp, words: &'static str) -> AnyView {
    let href = query
        .with(|query| query.from = moment::field_of(from))
        .href();
    view! { <li><a class="choice" href=href>{words}</a></li> }.into_any()
}

/// The next whole second.
fn ceiling(at: Timestamp) -> Timestamp {
    if at.subsec_nanosecond() == 0 {
        return at;
    }
    Timestamp::from_second(at.as_second() + 1).unwrap_or(at)
}
