use leptos::prelude::*;
use tidemark_domain::{Page, Privilege, Protection, ResourceRow};

use super::resource_href;
use crate::{
    components::{
        AccountLabel, Choice, Column, Empty, Field, GetForm, Moment, PageHead, Pagination,
        ProtectionBadge, Select, Table, load,
    },
    format::{bytes, count, counted},
    pages::search,
    query::link,
    server_fns::{
        accounts::list_accounts,
        resources::{ResourceQuery, list_resources},
    },
    use_session,
    wizard::Wizard,
};

/// Types to filter by; others can be written into the address.
pub(crate) const KINDS: [&str; 8] = [
    "DynamoDB", "S3", "EBS", "EC2", "RDS", "Aurora", "EFS", "MemoryDB",
];

/// Every resource of every account, filtered, sorted and paged on the server.
#[component]
pub(crate) fn ResourcesPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_resources(ResourceQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="Resources"/>
        {load(accounts, move |accounts| {
            let choices = accounts
                .into_iter()
                .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
                .collect();
            filters(choices, ResourceQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(rows, move |page| show(page, &ResourceQuery::parse(&search.get_untracked())))}
    }
}

fn filters(accounts: Vec<Choice>, query: ResourceQuery) -> impl IntoView {
    let with_all = |label: &str, rest: Vec<Choice>| {
        let mut choices = vec![Choice::new("", label)];
        choices.extend(rest);
        choices
    };
    let kinds = KINDS.map(|kind| Choice::new(kind, kind)).to_vec();
    view! {
        <GetForm action="/resources" class="filters" role="search" label="Filter resources">
            <Field label="Name or ARN" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices=with_all("all accounts", accounts) value=query.account/>
            <Select label="Type" name="kind" choices=with_all("all types", kinds) value=query.kind/>
            <Select label="Status" name="protection" choices=with_all("any status", standings()) value=query.protection/>
            <Field label="Region" name="region" value=query.region/>
            <input type="hidden" name="sort" value=query.sort/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

/// How a resource may stand, to filter by.
pub(crate) fn standings() -> Vec<Choice> {
    [
        Protection::Protected,
        Protection::Unprotected,
        Protection::Failing,
    ]
    .map(|p| Choice::new(p.as_str(), p.as_str()))
    .to_vec()
}

fn show(page: Page<ResourceRow>, query: &ResourceQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query).into_any();
    }
    let shown = counted(page.items.len() as u64, "resource", "resources");
    let summary = match page.total {
        Some(total) => format!("{shown} on this page, {} in all", count(total)),
        None => format!("{shown} on this page"),
    };
    let first = (!query.cursor.is_empty()).then(|| query.first().on("/resources"));
    let next = page
        .next
        .as_deref()
        .map(|cursor| query.after(cursor).on("/resources"));
    let sorted = |column: Column, name: &str| {
        column.sorted(query.sorted_by(name).on("/resources"), query.order_of(name))
    };
    let rows = page.items.into_iter().map(row).collect_view();
    let over_time = query.on("/timeline");
    view! {
        <p><a href=over_time>"Show on timeline"</a></p>
        <Table
            label="Resources"
            columns=vec![
                sorted(Column::text("Name"), "name"),
                Column::text("Type"),
                Column::text("Status"),
                sorted(Column::text("Recoverable"), "newest_point"),
                Column::number("Points"),
                sorted(Column::number("Size"), "size"),
                Column::text("Account"),
                Column::text("Region"),
                Column::text("Owner"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn nothing(query: &ResourceQuery) -> impl IntoView + use<> {
    if query.is_filtered() {
        view! {
            <Empty title="No resource matches">
                <p>"Accounts that could not be read keep their last good data, so nothing is hidden by that: "
                <a href="/accounts">"see what is known"</a> "."</p>
                <p><a class="button" href="/resources">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No resource is known yet">
                <p>"Resources appear when an account has been read for the first time."</p>
                <p><a class="button" href="/accounts">"See the accounts"</a></p>
            </Empty>
        }
        .into_any()
    }
}

fn row(row: ResourceRow) -> impl IntoView {
    let gone = row.deleted.then_some(" (deleted)");
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=resource_href(&row.arn)>{row.name.clone()}</a> {gone}
            </td>
            <td>{row.resource_type.to_string()}</td>
            <td><ProtectionBadge protection=row.protection()/></td>
            <td>{reach(&row)}</td>
            <td class="numeric">{count(row.points)}</td>
            <td class="numeric">{row.size_bytes.map(bytes)}</td>
            <td><AccountLabel alias=row.alias id=row.account.as_str()/></td>
            <td>{row.region.to_string()}</td>
            <td>{row.owner}</td>
        </tr>
    }
}

/// The newest state that can be had back: any second up to, or the newest point.
fn reach(row: &ResourceRow) -> AnyView {
    match (row.pitr, row.newest_point) {
        (Some(window), _) => view! { "any second since " <Moment at=window.earliest/> }.into_any(),
        (None, Some(at)) => view! { <Moment at/> }.into_any(),
        (None, None) => view! { <span class="muted">"never"</span> }.into_any(),
    }
}

/// A resource that needs a look, with what can be done about it.
pub(crate) fn attention_row(row: ResourceRow) -> impl IntoView {
    let session = use_session();
    let arn = row.arn.clone();
    let backup = (session.may(Privilege::Backup) && !row.deleted).then(|| {
        view! { <a class="button button-small" href=link("/backup", "arn", arn.as_str())>"Back up"</a> }
    });
    let restore = (session.may(Privilege::Restore)
        && (row.newest_point.is_some() || row.pitr.is_some()))
    .then(|| view! { <a class="button button-small" href=Wizard::of(&arn).href()>"Restore"</a> });
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=resource_href(&row.arn)>{row.name.clone()}</a>
                " " <span class="muted">{row.resource_type.to_string()}</span>
            </td>
            <td><ProtectionBadge protection=row.protection()/></td>
            <td><AccountLabel alias=row.alias.clone() id=row.account.as_str()/></td>
            <td>{reach(&row)}</td>
            <td><span class="buttons">{backup}{restore}</span></td>
        </tr>
    }
}
