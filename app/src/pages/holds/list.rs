use leptos::prelude::*;
use tidemark_domain::{Page, Privilege, vaults::HoldRow};

use super::covers;
use crate::{
    components::{
        AccountLabel, Badge, Choice, Column, Empty, Field, GetForm, Moment, PageHead, Pagination,
        Select, Style, Table, Tone, load,
    },
    format::{count, counted},
    pages::search,
    server_fns::{
        accounts::list_accounts,
        holds::{HoldChangeQuery, HoldQuery, list_holds},
        points::PointQuery,
    },
    use_session,
};

/// Every legal hold of every account.
#[component]
pub(crate) fn HoldsPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_holds(HoldQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        {head()}
        <p class="lead">"While a legal hold is active, AWS deletes none of the recovery points that it took, neither by hand nor when their retention ends."</p>
        {load(accounts, move |accounts| {
            let mut choices = vec![Choice::new("", "all accounts")];
            choices.extend(
                accounts
                    .into_iter()
                    .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account))),
            );
            filters(choices, HoldQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(rows, move |page| show(page, &HoldQuery::parse(&search.get_untracked())))}
    }
}

fn may() -> bool {
    use_session()
        .me
        .is_some_and(|me| me.may(Privilege::ProtectVaults))
}

fn head() -> AnyView {
    if !may() {
        return view! { <PageHead title="Legal holds"/> }.into_any();
    }
    let new = HoldChangeQuery {
        what: "create".to_owned(),
        ..HoldChangeQuery::default()
    };
    view! {
        <PageHead title="Legal holds">
            <a class="button button-primary" href=new.href()>"Make a legal hold"</a>
        </PageHead>
    }
    .into_any()
}

fn filters(accounts: Vec<Choice>, query: HoldQuery) -> impl IntoView {
    let states = vec![
        Choice::new("", "any"),
        Choice::new("active", "active"),
        Choice::new("released", "released"),
    ];
    view! {
        <GetForm action="/holds" class="filters" role="search" label="Filter legal holds">
            <Field label="Title or description" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices=accounts value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <Select label="Status" name="status" choices=states value=query.status/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn show(page: Page<HoldRow>, query: &HoldQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query.is_filtered());
    }
    let summary = format!(
        "{} on this page, newest first",
        counted(page.items.len() as u64, "legal hold", "legal holds")
    );
    let first = (!query.cursor.is_empty()).then(|| query.page(""));
    let next = page.next.as_deref().map(|cursor| query.page(cursor));
    let may = may();
    let rows = page
        .items
        .into_iter()
        .map(|row| one(row, may))
        .collect_view();
    view! {
        <Table
            label="Legal holds"
            columns=vec![
                Column::text("Title"),
                Column::text("Status"),
                Column::number("Points"),
                Column::text("Covers"),
                Column::text("Created"),
                Column::text("Account"),
                Column::text("Region"),
                Column::text("Actions"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn nothing(filtered: bool) -> AnyView {
    if filtered {
        view! {
            <Empty title="No legal hold matches">
                <p><a class="button" href="/holds">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="There is no legal hold">
                <p>"A legal hold keeps chosen recovery points until somebody releases it with a reason."</p>
            </Empty>
        }
        .into_any()
    }
}

fn one(row: HoldRow, may: bool) -> impl IntoView {
    let HoldRow { hold, alias } = row;
    let tone = if hold.is_active() {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let range = match (hold.from, hold.until) {
        (Some(from), Some(until)) => view! {
            <p class="cell-note">"made from " <Moment at=from style=Style::Exact/> " to " <Moment at=until style=Style::Exact/></p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let points = PointQuery {
        account: hold.account.to_string(),
        region: hold.region.to_string(),
        kept: "held".to_owned(),
        ..PointQuery::default()
    };
    let held = if hold.is_active() {
        view! { <a href=points.on("/points")>{count(hold.points)}</a> }.into_any()
    } else {
        "none any more".into_any()
    };
    let release = (may && hold.is_active()).then(|| {
        let href = HoldChangeQuery::release(&hold).href();
        view! { <a class="button" href=href>"Release"</a> }
    });
    let covers = covers(&hold);
    let released = hold
        .cancelled_at
        .map(|at| view! { <p class="cell-note">"released " <Moment at style=Style::Both/></p> });
    view! {
        <tr>
            <th scope="row" class="cell-name">{hold.title} <p class="cell-note">{hold.description}</p></th>
            <td><Badge tone text=hold.status.to_lowercase()/></td>
            <td class="numeric">{held}</td>
            <td class="cell-wide">{covers} {range}</td>
            <td><Moment at=hold.created_at style=Style::Both/> {released}</td>
            <td><AccountLabel alias id=hold.account.as_str()/></td>
            <td>{hold.region.to_string()}</td>
            <td>{release}</td>
        </tr>
    }
}
