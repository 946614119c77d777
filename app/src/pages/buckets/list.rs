use leptos::prelude::*;
use tidemark_domain::{Page, ResourceRow, buckets::BucketPlace};

use super::bucket_href;
use crate::{
    components::{
        AccountLabel, Choice, Column, Empty, Field, GetForm, PageHead, Pagination, Select, Table,
        load,
    },
    format::counted,
    pages::search,
    server_fns::{
        accounts::list_accounts,
        buckets::{BucketQuery, list_buckets},
    },
};

/// Every bucket of every account.
#[component]
pub(crate) fn BucketsPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_buckets(BucketQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="Buckets"/>
        <p class="lead">"S3 buckets of every account. A bucket's page checks what backups need of it, and shows its objects."</p>
        {load(accounts, move |accounts| {
            let mut choices = vec![Choice::new("", "all accounts")];
            choices.extend(
                accounts
                    .into_iter()
                    .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account))),
            );
            head(choices, BucketQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(rows, move |page| show(page, &BucketQuery::parse(&search.get_untracked())))}
    }
}

fn head(accounts: Vec<Choice>, query: BucketQuery) -> impl IntoView {
    let named = accounts.iter().skip(1).cloned().collect::<Vec<_>>();
    view! {
        <GetForm action="/buckets" class="filters" role="search" label="Filter buckets">
            <Field label="Name" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices=accounts value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <button class="button">"Filter"</button>
        </GetForm>
        <details class="disclosure">
            <summary>"Open a bucket that is not in the list"</summary>
            <GetForm action="/buckets/one" class="filters" label="Open a bucket">
                <Field label="Bucket" name="bucket" required=true/>
                <Select label="Account whose role reads it" name="account" choices=named value=""/>
                <Field label="Its Region" name="region" required=true/>
                <button class="button">"Open"</button>
            </GetForm>
        </details>
    }
}

fn show(page: Page<ResourceRow>, query: &BucketQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query.is_filtered());
    }
    let summary = format!(
        "{} on this page, by name",
        counted(page.items.len() as u64, "bucket", "buckets")
    );
    let first = (!query.cursor.is_empty()).then(|| query.page(""));
    let next = page.next.as_deref().map(|cursor| query.page(cursor));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Buckets"
            columns=vec![Column::text("Bucket"), Column::text("Account"), Column::text("Region")]
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
            <Empty title="No bucket matches">
                <p><a class="button" href="/buckets">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No bucket is known yet">
                <p>"Buckets appear when an account has been read for the first time."</p>
                <p><a class="button" href="/accounts">"See the accounts"</a></p>
            </Empty>
        }
        .into_any()
    }
}

fn row(row: ResourceRow) -> impl IntoView {
    let place = BucketPlace {
        account: row.account.clone(),
        region: row.region.clone(),
        bucket: row.name.clone(),
    };
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=bucket_href(&place)>{row.name}</a></td>
            <td><AccountLabel alias=row.alias id=place.account.as_str()/></td>
            <td>{place.region.to_string()}</td>
        </tr>
    }
}
