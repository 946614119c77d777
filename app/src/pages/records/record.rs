use leptos::prelude::*;
use tidemark_domain::{Privilege, records::CaptureView};

use super::{READERS, crumbs, history::history, of_capture, search::search_section};
use crate::{components::PageHead, pages::search, server_fns::records::RecordQuery};

/// One record's history, or the search for one.
#[component]
pub(crate) fn RecordPage() -> impl IntoView {
    of_capture(Privilege::ReadRecords, READERS, show)
}

fn show(view: CaptureView) -> AnyView {
    let search = search();
    let view = StoredValue::new(view);
    let shown = move || {
        let query = RecordQuery::parse(&search.get());
        if query.names_record() {
            view.with_value(|view| history(view, query)).into_any()
        } else {
            view.with_value(|view| {
                view! {
                    <PageHead title=format!("Find records of {}", view.capture.table_name()) crumbs=crumbs(view)/>
                    {search_section(view, query)}
                }
            })
            .into_any()
        }
    };
    shown.into_any()
}
