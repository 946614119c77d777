use leptos::prelude::*;
use tidemark_domain::{Page, ResourceRow};

use super::frame::stage_head;
use crate::{
    components::{AccountLabel, Column, Empty, Field, GetForm, Moment, Pagination, Table, load},
    format::counted,
    pages::search,
    server_fns::resources::{ResourceQuery, list_resources},
    wizard::{PATH, Step, Wizard},
};

/// Which resource.
pub(super) fn stage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_resources(ResourceQuery::parse(&query)),
    );
    let query = ResourceQuery::parse(&search.get_untracked());
    view! {
        {stage_head(Step::What, "Which resource's data do you want back?")}
        <GetForm action=PATH class="filters" role="search" label="Find a resource">
            <Field label="Name or ARN" name="text" kind="search" value=query.text/>
            <button class="button">"Find"</button>
        </GetForm>
        {load(rows, move |page| show(page, &ResourceQuery::parse(&search.get_untracked())))}
    }
}

fn show(page: Page<ResourceRow>, query: &ResourceQuery) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <Empty title="No resource matches"><p><a href=PATH>"Show all"</a></p></Empty>
        }
        .into_any();
    }
    let summary = counted(page.items.len() as u64, "resource", "resources");
    let first = (!query.cursor.is_empty()).then(|| query.first().on(PATH));
    let next = page
        .next
        .as_deref()
        .map(|cursor| query.after(cursor).on(PATH));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Resources to restore"
            columns=vec![
                Column::text("Name"),
                Column::text("Type"),
                Column::text("Account"),
                Column::text("Region"),
                Column::text("Recoverable"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn row(row: ResourceRow) -> impl IntoView {
    let reach = match (row.pitr, row.newest_point) {
        (Some(window), _) => view! { "any second since " <Moment at=window.earliest/> }.into_any(),
        (None, Some(at)) => view! { <Moment at/> }.into_any(),
        (None, None) => view! { <span class="muted">"never"</span> }.into_any(),
    };
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=Wizard::of(&row.arn).href()>{row.name}</a></td>
            <td>{row.resource_type.to_string()}</td>
            <td><AccountLabel alias=row.alias id=row.account.as_str()/></td>
            <td>{row.region.to_string()}</td>
            <td>{reach}</td>
        </tr>
    }
}
