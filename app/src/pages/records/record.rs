use leptos::prelude::*;
use tidemark_domain::{Privilege, records::CaptureView};

use super::{crumbs, history::history, one::id_of, search::search_section};
use crate::{
    components::{PageHead, load_page},
    pages::{only, search_here},
    server_fns::records::{RecordQuery, get_capture},
};

/// One record's history, or the search for one.
#[component]
pub(crate) fn RecordPage() -> impl IntoView {
    only(
        Privilege::ReadRecords,
        "An operator or an admin can see what records held; owners see those of their tables.",
        || {
            let search = search_here();
            let id = Memo::new(move |_| id_of(&search.get()));
            let capture = Resource::new_blocking(move || id.get(), get_capture);
            load_page(capture, show)
        },
    )
}

fn show(view: CaptureView) -> AnyView {
    let search = search_here();
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
