//! The versions of one record, newest first, with what changed from one to the next.

use leptos::prelude::*;
use tidemark_domain::records::{
    CaptureView, RecordHistory, RecordVersion, VersionKind, VersionOrigin,
};

use super::{crumbs, troubles};
use crate::{
    components::{
        Badge, Copyable, Crumb, Disclosure, Empty, ErrorNotice, Moment, PageHead, Pagination,
        RecordChanges, RecordKey, RecordText, Style, Tone, load_or,
    },
    format::counted,
    server_fns::records::{RecordQuery, get_record_history},
};

/// The page of a record.
pub(super) fn history(view: &CaptureView, query: RecordQuery) -> impl IntoView + use<> {
    let text = query.query().as_str().to_owned();
    let history = Resource::new_blocking(move || text.clone(), get_record_history);
    let about = StoredValue::new((view.clone(), query));
    load_or(
        history,
        move |history| about.with_value(|(view, query)| show(history, view, query)),
        move |error| {
            about.with_value(|(view, query)| {
                let back = RecordQuery {
                    capture: query.capture.clone(),
                    ..RecordQuery::default()
                };
                view! {
                    <PageHead title=error.kind.title() crumbs=crumbs(view)/>
                    <ErrorNotice error=error.clone()/>
                    <p><a class="button" href=back.href()>"Find records"</a></p>
                }
                .into_any()
            })
        },
    )
}

fn show(history: RecordHistory, view: &CaptureView, query: &RecordQuery) -> AnyView {
    let exact = RecordQuery::of(&query.capture, &history.key.text);
    let mut crumbs = crumbs(view);
    crumbs.push(Crumb::new(
        "Find records",
        RecordQuery {
            capture: query.capture.clone(),
            ..RecordQuery::default()
        }
        .href(),
    ));
    let key = history.key.clone();
    let about = format!("A record of {}", view.capture.table_name());
    let title = format!("{} in {}", history.key.label(), view.capture.table_name());
    let title: String = title.chars().take(120).collect();
    if history.total == 0 {
        return view! {
            <PageHead title=title crumbs=crumbs/>
            {troubles(history.troubles)}
            <Empty title="The backup never heard of it">
                <p>"Neither the first copy of the table nor any change since names this key."</p>
            </Empty>
        }
        .into_any();
    }
    let known = match (history.complete_from, history.read_until) {
        (Some(from), Some(until)) => view! {
            <p class="lead">
                {about} ". Every change from " <Moment at=from style=Style::Exact/> " to "
                <Moment at=until style=Style::Exact/> " is here."
            </p>
        }
        .into_any(),
        _ => view! { <p class="lead">{about} ". The backup is not complete yet: versions may be missing."</p> }.into_any(),
    };
    let summary = format!(
        "{} of {}, newest first",
        history.versions.len(),
        counted(history.total, "version", "versions")
    );
    let is_first = history
        .versions
        .first()
        .is_none_or(|v| v.number == history.total);
    let first = (!is_first).then(|| exact.href());
    let next = history.older.map(|older| {
        RecordQuery {
            version: older.to_string(),
            ..exact.clone()
        }
        .href()
    });
    let versions = history
        .versions
        .into_iter()
        .map(|one| version(one, &exact))
        .collect_view();
    view! {
        <PageHead title=title crumbs=crumbs/>
        {known}
        <dl class="facts"><dt>"Key"</dt><dd><RecordKey key=key/></dd></dl>
        {troubles(history.troubles)}
        <section aria-labelledby="versions-title">
            <h2 id="versions-title">"Versions"</h2>
            <ol class="versions" reversed=true>{versions}</ol>
            <Pagination summary first next/>
        </section>
    }
    .into_any()
}

fn version(version: RecordVersion, exact: &RecordQuery) -> impl IntoView + use<> {
    let tone = match version.kind {
        VersionKind::Created | VersionKind::Found => Tone::Good,
        VersionKind::Changed => Tone::Warn,
        VersionKind::Same => Tone::Neutral,
        VersionKind::Deleted => Tone::Bad,
    };
    let when = match version.origin {
        VersionOrigin::Stream => view! { <Moment at=version.at style=Style::Both/> }.into_any(),
        VersionOrigin::Backfill => view! {
            "at the latest " <Moment at=version.at style=Style::Both/>
        }
        .into_any(),
        VersionOrigin::Import => view! {
            "stored " <Moment at=version.at style=Style::Both/>
        }
        .into_any(),
    };
    let origin = version.origin.as_str();
    let sequence = version.sequence.map(|sequence| {
        view! { <dt>"Sequence number"</dt><dd><Copyable text=sequence label="sequence number"/></dd> }
    });
    let whole_href = exact.version_href(version.number);
    let body = match version.kind {
        VersionKind::Changed => {
            view! { <RecordChanges changes=version.changes all=whole_href.clone()/> }.into_any()
        }
        VersionKind::Same => {
            view! { <p class="muted">"Nothing differs from the version before."</p> }.into_any()
        }
        VersionKind::Deleted => view! { <p class="muted">"It was deleted."</p> }.into_any(),
        VersionKind::Created | VersionKind::Found => ().into_any(),
    };
    let open = matches!(version.kind, VersionKind::Created | VersionKind::Found);
    let whole = version.item.map(|item| {
        view! {
            <Disclosure summary="The whole record" open=open>
                <RecordText value=item/>
                <dl class="facts">
                    <dt>"As stored"</dt>
                    <dd><a href=whole_href rel="external">"DynamoDB's own JSON"</a></dd>
                    {sequence}
                </dl>
            </Disclosure>
        }
    });
    let number = version.number;
    view! {
        <li class="version" value=number.to_string()>
            <div class="version-head">
                <Badge tone=tone text=version.kind.as_str()/>
                <span class="version-when">{when}</span>
                <span class="muted">{origin}</span>
            </div>
            {body}
            {whole}
        </li>
    }
}
