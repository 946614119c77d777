use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{AccountSummary, Privilege};

use crate::{
    clock::page_clock,
    components::{AccountHealth, AccountLabel, Column, Empty, Moment, PageHead, Table, load},
    format::count,
    query::link,
    server_fns::accounts::list_accounts,
    use_session,
};

/// Every account: can it be read, and how fresh is what is known.
#[component]
pub(crate) fn AccountsPage() -> impl IntoView {
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let add = use_session().may(Privilege::ManageAccounts).then(|| {
        view! {
            <a class="button" href="/accounts/enrol">"Add many"</a>
            <a class="button button-primary" href="/accounts/new">"Add an account"</a>
        }
    });
    let permissions = use_session().may(Privilege::ReadPermissions).then(|| {
        view! { <a class="button" href="/accounts/permissions">"Permissions"</a> }
    });
    view! {
        <PageHead title="Accounts">{permissions}{add}</PageHead>
        {load(accounts, show)}
    }
}

fn show(accounts: Vec<AccountSummary>) -> AnyView {
    if accounts.is_empty() {
        return view! {
            <Empty title="No account is registered yet">
                <p>"An admin registers an account, applies the template in it, and tests the connection."</p>
            </Empty>
        }
        .into_any();
    }
    let now = page_clock().now_once();
    let rows = accounts
        .into_iter()
        .map(|account| row(account, now))
        .collect_view();
    view! {
        <Table
            label="Accounts"
            columns=vec![
                Column::text("Account"),
                Column::text("Sync status"),
                Column::text("Last sync"),
                Column::number("Resources"),
                Column::number("Protected"),
                Column::text("Role"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(account: AccountSummary, now: Timestamp) -> impl IntoView {
    let id = account.account.to_string();
    let last = account.scopes.iter().filter_map(|s| s.last_success).min();
    let awaited = account.awaited_until.map(|until| {
        view! { <p class="cell-note">"The roles are looked for every few seconds, until " <Moment at=until/></p> }
    });
    let problem = account
        .scopes
        .iter()
        .find_map(|s| s.error.as_ref())
        .map(|error| view! { <p class="cell-note">{error.message.clone()}</p> });
    view! {
        <tr>
            <td>
                <a class="row-link" href=format!("/accounts/{id}")>
                    <AccountLabel alias=account.alias id=id.clone()/>
                </a>
            </td>
            <td><AccountHealth scopes=account.scopes now/>{awaited}{problem}</td>
            <td>{last.map_or_else(|| "never".into_any(), |at| view! { <Moment at/> }.into_any())}</td>
            <td class="numeric"><a href=link("/resources", "account", &id)>{count(account.resources)}</a></td>
            <td class="numeric">{count(account.protected)}</td>
            <td><code>{account.role.name().to_owned()}</code></td>
        </tr>
    }
}
