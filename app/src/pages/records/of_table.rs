//! What a table's page says about its record-level backup.

use leptos::prelude::*;
use tidemark_domain::{Arn, Privilege, records::CaptureView};

use super::capture_badge;
use crate::{
    components::{Moment, Style, load},
    query::link,
    server_fns::records::{CompareQuery, RecordQuery, SetupQuery, capture_href, captures_of_table},
    use_session,
};

/// Whether every change of the table is kept, and the way there.
pub(crate) fn records_of(table: &Arn) -> impl IntoView + use<> {
    let arn = table.to_string();
    let captures = Resource::new_blocking(
        {
            let arn = arn.clone();
            move || arn.clone()
        },
        captures_of_table,
    );
    let arn = StoredValue::new(arn);
    view! {
        <section aria-labelledby="records-title">
            <h2 id="records-title">"Record-level backup"</h2>
            {load(captures, move |captures| {
                if captures.is_empty() {
                    return arn.with_value(|arn| none(arn));
                }
                captures.into_iter().map(one).collect_view().into_any()
            })}
        </section>
    }
}

fn none(arn: &str) -> AnyView {
    let setup = use_session().may(Privilege::ManageRecords).then(|| {
        let href = link(SetupQuery::PATH, "table", arn);
        view! { <p><a class="button" href=href>"Keep every change"</a></p> }
    });
    view! {
        <p class="muted">"Not every change of this table is kept: single records cannot be looked up as they were, compared, or undone."</p>
        {setup}
    }
    .into_any()
}

fn one(view: CaptureView) -> impl IntoView {
    let id = view.capture.id.clone();
    let since = match view.status.complete_from {
        Some(at) => {
            view! { "Every change is kept since " <Moment at style=Style::Both/> "." }.into_any()
        }
        None => view! { "The first copy is not whole yet." }.into_any(),
    };
    let tools = use_session().may(Privilege::ReadRecords).then(|| {
        let find = RecordQuery {
            capture: id.clone(),
            ..RecordQuery::default()
        };
        let compare = CompareQuery {
            capture: id.clone(),
            ..CompareQuery::default()
        };
        view! {
            <a class="button" href=compare.href()>"Compare"</a>
            <a class="button" href=find.href()>"Find records"</a>
        }
    });
    view! {
        <p>{capture_badge(view.state)} " " {since}</p>
        <p class="button-row">
            <a class="button" href=capture_href(&id)>"See how it stands"</a>
            {tools}
        </p>
    }
}
