use leptos::prelude::*;
use tidemark_domain::{
    Privilege,
    sets::{SetRow, TEMPLATES},
};

use super::set_href;
use crate::{
    components::{Column, Empty, Moment, PageHead, Table, load},
    format::count,
    query::link,
    server_fns::sets::list_sets,
    use_session,
};

/// Every application set.
#[component]
pub(crate) fn SetsPage() -> impl IntoView {
    let sets = Resource::new_blocking(|| (), |()| list_sets());
    let may = use_session().may(Privilege::ManagePlans);
    view! {
        <PageHead title="Application sets">
            {may.then(|| view! { <a class="button button-primary" href="/sets/new">"New set"</a> })}
        </PageHead>
        <p class="prose">
            "A set is what belongs together: tables, file systems, databases and instances of one application. They are backed up while its writes are paused, and come back to moments that fit."
        </p>
        {load(sets, move |sets| show(sets, may))}
    }
}

fn show(sets: Vec<SetRow>, may: bool) -> AnyView {
    if sets.is_empty() {
        return nothing(may);
    }
    let rows = sets.into_iter().map(row).collect_view();
    view! {
        <Table label="Application sets" columns=vec![
            Column::text("Set"), Column::number("Members"), Column::number("Version"), Column::text("Changed"), Column::text("By"),
        ]>{rows}</Table>
    }
    .into_any()
}

fn row(set: SetRow) -> impl IntoView {
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=set_href(&set.name)>{set.name.clone()}</a>
                <p class="cell-note">{set.description}</p>
            </td>
            <td class="numeric">{count(u64::from(set.members))}</td>
            <td class="numeric">{count(u64::from(set.version))}</td>
            <td><Moment at=set.written_at/></td>
            <td>{set.written_by}</td>
        </tr>
    }
}

fn nothing(may: bool) -> AnyView {
    let ways = TEMPLATES
        .into_iter()
        .map(|template| {
            let href = link("/sets/new", "template", template.id);
            view! { <li><a href=href>{template.title}</a></li> }
        })
        .collect_view();
    let ways = may.then(|| {
        view! {
            <p>"Begin with a template:"</p>
            <ul>{ways}</ul>
        }
    });
    view! {
        <Empty title="There is no set yet">
            <p>"A set is written down as a manifest: its members, how writes are paused, and which of them may not be newer than which."</p>
            {ways}
        </Empty>
    }
    .into_any()
}
