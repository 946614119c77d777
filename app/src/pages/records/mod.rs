//! Record-level backups: captured tables, one of them, its records, differences, undoing.

mod compare;
mod differences;
mod history;
mod list;
mod of_table;
mod one;
mod record;
mod search;
mod setup;
mod setup_plan;
mod undo;

pub(crate) use compare::ComparePage;
pub(crate) use list::{CapturesPage, capture_badge};
pub(crate) use of_table::records_of;
pub(crate) use one::CapturePage;
pub(crate) use record::RecordPage;
pub(crate) use setup::SetupPage;
pub(crate) use undo::UndoPage;

use leptos::prelude::*;
use tidemark_domain::records::CaptureView;

use crate::{
    components::{Crumb, Notice, Tone},
    server_fns::records::capture_href,
};

/// The way to a page about one capture.
fn crumbs(capture: &CaptureView) -> Vec<Crumb> {
    vec![
        Crumb::new("Records", "/records"),
        Crumb::new(
            capture.capture.table_name(),
            capture_href(&capture.capture.id),
        ),
    ]
}

/// What one should know about an answer.
fn notes(notes: Vec<String>) -> AnyView {
    if notes.is_empty() {
        return ().into_any();
    }
    let lines = notes
        .into_iter()
        .map(|note| view! { <p>{note}</p> })
        .collect_view();
    view! { <Notice tone=Tone::Warn title="Good to know">{lines}</Notice> }.into_any()
}

/// Parts of the backup that could not be read: what is shown may lack records.
fn troubles(troubles: Vec<String>) -> AnyView {
    if troubles.is_empty() {
        return ().into_any();
    }
    let lines = troubles
        .into_iter()
        .map(|trouble| view! { <li>{trouble}</li> })
        .collect_view();
    view! {
        <Notice tone=Tone::Bad title="Parts of the backup could not be read">
            <p>"What they hold is missing here:"</p>
            <ul class="names">{lines}</ul>
        </Notice>
    }
    .into_any()
}
