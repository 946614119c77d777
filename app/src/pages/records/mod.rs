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
use tidemark_domain::{Privilege, records::CaptureView};

use self::one::id_of;
use crate::{
    components::{Crumb, Notice, Tone, load_page},
    pages::{only, search},
    server_fns::records::{capture_href, get_capture},
};

/// Who sees records, for those who may not.
const READERS: &str =
    "An operator or an admin can see what records held; owners see those of their tables.";

/// A page about the capture that its address names, for those who have the privilege.
fn of_capture(
    privilege: Privilege,
    who: &'static str,
    show: fn(CaptureView) -> AnyView,
) -> impl IntoView {
    only(privilege, who, move || {
        let search = search();
        let id = Memo::new(move |_| id_of(&search.get()));
        let capture = Resource::new_blocking(move || id.get(), get_capture);
        load_page(capture, show)
    })
}

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
