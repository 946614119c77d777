use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{Page, Privilege, VaultKind, VaultRow};

use super::vault_href;
use crate::{
    clock::page_clock,
    components::{
        AccountLabel, Badge, Choice, Column, Empty, Field, GetForm, LockBadge, Moment, PageHead,
        Pagination, Select, Table, Tone, load,
    },
    format::{bytes, count, counted},
    pages::search,
    server_fns::{
        accounts::list_accounts,
        vaults::{VaultChangeQuery, VaultQuery, list_vaults},
    },
    use_session,
};

/// Every vault of every account.
#[component]
pub(crate) fn VaultsPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_vaults(VaultQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        {head()}
        {load(accounts, move |accounts| {
            let mut choices = vec![Choice::new("", "all accounts")];
            choices.extend(
                accounts
                    .into_iter()
                    .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account))),
            );
            filters(choices, VaultQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(rows, move |page| show(page, &VaultQuery::parse(&search.get_untracked())))}
    }
}

fn head() -> AnyView {
    let new = VaultChangeQuery {
        what: "create".to_owned(),
        ..VaultChangeQuery::default()
    };
    if use_session()
        .me
        .is_some_and(|me| me.may(Privilege::ManageVaults))
    {
        return view! {
            <PageHead title="Vaults">
                <a class="button button-primary" href=new.href()>"Create a vault"</a>
            </PageHead>
        }
        .into_any();
    }
    view! { <PageHead title="Vaults"/> }.into_any()
}

fn filters(accounts: Vec<Choice>, query: VaultQuery) -> impl IntoView {
    let locks = vec![
        Choice::new("", "locked or not"),
        Choice::new("locked", "locked"),
        Choice::new("open", "not locked"),
    ];
    view! {
        <GetForm action="/vaults" class="filters" role="search" label="Filter vaults">
            <Field label="Name" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices=accounts value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <Select label="Lock" name="lock" choices=locks value=query.lock/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn show(page: Page<VaultRow>, query: &VaultQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query.is_filtered());
    }
    let summary = format!(
        "{} on this page, by name",
        counted(page.items.len() as u64, "vault", "vaults")
    );
    let first = (!query.cursor.is_empty()).then(|| query.page(""));
    let next = page.next.as_deref().map(|cursor| query.page(cursor));
    let now = page_clock().now_once();
    let rows = page
        .items
        .into_iter()
        .map(|vault| row(vault, now))
        .collect_view();
    view! {
        <Table
            label="Vaults"
            columns=vec![
                Column::text("Vault"),
                Column::text("Lock"),
                Column::number("Points"),
                Column::number("Size"),
                Column::text("Oldest"),
                Column::text("Newest"),
                Column::text("Account"),
                Column::text("Region"),
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
            <Empty title="No vault matches">
                <p><a class="button" href="/vaults">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No vault is known yet">
                <p>"Vaults appear when an account has been read for the first time."</p>
                <p><a class="button" href="/accounts">"See the accounts"</a></p>
            </Empty>
        }
        .into_any()
    }
}

fn row(row: VaultRow, now: Timestamp) -> impl IntoView {
    let VaultRow {
        vault,
        alias,
        contents,
    } = row;
    let lock = vault.lock_state(now);
    let kind = (vault.kind != VaultKind::Standard)
        .then(|| view! { <p class="cell-note">{vault.kind.label().to_owned()}</p> });
    let expired = (contents.expired > 0).then(|| {
        view! { <Badge tone=Tone::Warn text=format!("{} expired", count(contents.expired))/> }
    });
    let held = (contents.held > 0)
        .then(|| view! { <Badge tone=Tone::Warn text=format!("{} held", count(contents.held))/> });
    view! {
        <tr>
            <td class="cell-name">
                <a class="row-link" href=vault_href(&vault.arn)>{vault.name.clone()}</a> {kind}
            </td>
            <td><LockBadge lock/></td>
            <td class="numeric">{count(contents.points)} <span class="badges">{expired}{held}</span></td>
            <td class="numeric">{bytes(contents.bytes)}</td>
            <td>{contents.oldest.map(|at| view! { <Moment at/> })}</td>
            <td>{contents.newest.map(|at| view! { <Moment at/> })}</td>
            <td><AccountLabel alias id=vault.account.as_str()/></td>
            <td>{vault.region.to_string()}</td>
        </tr>
    }
}
