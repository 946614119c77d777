use leptos::prelude::*;
use tidemark_domain::{Page, PointSource, Privilege, RecoveryPoint};

use super::points_rows;
use crate::{
    components::{
        Choice, Disclosure, Empty, Field, GetForm, PageHead, Pagination, PickAll, Select, load,
    },
    format::{count, counted},
    pages::search,
    server_fns::{
        accounts::list_accounts,
        points::{ChangeQuery, PointQuery, PointsCopyQuery, search_points},
    },
    use_session,
};

/// Types to filter by; others can be written into the address.
const KINDS: [&str; 8] = [
    "DynamoDB", "S3", "EBS", "EC2", "RDS", "Aurora", "EFS", "MemoryDB",
];

/// Statuses that AWS Backup knows.
const STATUSES: [&str; 7] = [
    "COMPLETED",
    "AVAILABLE",
    "PARTIAL",
    "STOPPED",
    "EXPIRED",
    "CREATING",
    "DELETING",
];

/// Every recovery point of every account, filtered and paged on the server; picked rows, or all that
/// match, can be deleted or get another lifecycle.
#[component]
pub(crate) fn PointsPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| search_points(PointQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    view! {
        <PageHead title="Recovery points"/>
        {load(accounts, move |accounts| {
            let aliases: Vec<(String, String)> = accounts
                .into_iter()
                .map(|a| (a.account.to_string(), a.alias))
                .collect();
            let for_rows = StoredValue::new(aliases.clone());
            let filters = filters(&aliases, PointQuery::parse(&search.get_untracked()));
            view! {
                {filters}
                {load(rows, move |page| {
                    let query = PointQuery::parse(&search.get_untracked());
                    for_rows.with_value(|aliases| show(page, &query, aliases))
                })}
            }
            .into_any()
        })}
    }
}

fn filters(accounts: &[(String, String)], query: PointQuery) -> impl IntoView + use<> {
    let with_all = |label: &str, rest: Vec<Choice>| {
        let mut choices = vec![Choice::new("", label)];
        choices.extend(rest);
        choices
    };
    let accounts = accounts
        .iter()
        .map(|(id, alias)| Choice::new(id.as_str(), format!("{alias} {id}")))
        .collect();
    let kinds = KINDS.map(|kind| Choice::new(kind, kind)).to_vec();
    let statuses = STATUSES
        .map(|status| Choice::new(status, status.to_lowercase()))
        .to_vec();
    let tiers = ["warm", "cold"]
        .map(|tier| Choice::new(tier, tier))
        .to_vec();
    let sources = PointSource::ALL
        .map(|source| Choice::new(source.word(), source.as_str()))
        .to_vec();
    let kept = vec![
        Choice::new("held", "under a legal hold"),
        Choice::new("locked", "in a locked vault"),
        Choice::new("free", "neither held nor locked"),
    ];
    let more = [
        &query.region,
        &query.source,
        &query.plan,
        &query.tag,
        &query.resource,
    ]
    .iter()
    .any(|value| !value.is_empty());
    view! {
        <GetForm action="/points" class="filters" role="search" label="Filter recovery points">
            <Field label="Resource, or ARN" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices=with_all("all accounts", accounts) value=query.account/>
            <Field label="Vault" name="vault" value=query.vault/>
            <Select label="Type" name="kind" choices=with_all("all types", kinds) value=query.kind/>
            <Select label="Status" name="status" choices=with_all("any status", statuses) value=query.status/>
            <Select label="Tier" name="tier" choices=with_all("warm and cold", tiers) value=query.tier/>
            <Field label="Older than, days" name="older" kind="number" min="0" value=query.older/>
            <Field label="Newer than, days" name="newer" kind="number" min="0" value=query.newer/>
            <Select label="Protection" name="kept" choices=with_all("anything", kept) value=query.kept/>
            <input type="hidden" name="order" value=query.order/>
            <button class="button">"Filter"</button>
            <div class="filters-more">
                <Disclosure summary="More filters" open=more>
                    <div class="filters">
                        <Field label="Region" name="region" value=query.region/>
                        <Select label="Source" name="source" choices=with_all("anything", sources) value=query.source/>
                        <Field label="Plan id" name="plan" value=query.plan/>
                        <Field label="Tag of the resource" name="tag" value=query.tag hint="key, or key=value"/>
                        <Field label="ARN of the resource" name="resource" value=query.resource/>
                    </div>
                </Disclosure>
            </div>
        </GetForm>
    }
}

fn show(page: Page<RecoveryPoint>, query: &PointQuery, aliases: &[(String, String)]) -> AnyView {
    if page.items.is_empty() {
        return nothing(query.is_filtered());
    }
    let manages = use_session().may(Privilege::ManagePoints);
    let shown = counted(page.items.len() as u64, "recovery point", "recovery points");
    let order = if query.is_oldest_first() {
        "oldest first"
    } else {
        "newest first"
    };
    let summary = match page.total {
        Some(total) => format!("{shown} on this page, {} match, {order}", count(total)),
        None => format!("{shown} on this page, {order}"),
    };
    let first = (!query.cursor.is_empty()).then(|| query.after("").on("/points"));
    let next = page
        .next
        .as_deref()
        .map(|cursor| query.after(cursor).on("/points"));
    let turn = if query.is_oldest_first() {
        "Show the newest first"
    } else {
        "Show the oldest first"
    };
    let turned = query.turned().on("/points");
    let total = page.total;
    let pagination = view! { <Pagination summary first next/> };
    if !manages {
        return view! {
            <p class="list-order"><a href=turned>{turn}</a></p>
            {points_rows(page.items, None, aliases)}
            {pagination}
        }
        .into_any();
    }
    let picked = RwSignal::new(false);
    view! {
        <form method="get" action=ChangeQuery::PATH>
            {tools(query, total, picked)}
            <p class="list-order"><a href=turned>{turn}</a></p>
            {points_rows(page.items, Some(picked), aliases)}
        </form>
        {pagination}
    }
    .into_any()
}

/// What can be done with the rows that are picked, and with all that match.
fn tools(query: &PointQuery, total: Option<u64>, picked: RwSignal<bool>) -> impl IntoView + use<> {
    let all = match total {
        Some(total) => format!("All {} that match:", count(total)),
        None => "All that match:".to_owned(),
    };
    let delete = ChangeQuery::matching("delete", query).href();
    let change = ChangeQuery::matching("lifecycle", query).href();
    let copy = PointsCopyQuery::matching(query).href();
    view! {
        <div class="tools" role="group" aria-label="Change recovery points">
            <p class="tools-row">
                <span class="tools-label">"Selected:"</span>
                <button class="button button-small" name="do" value="delete">"Delete selected…"</button>
                <button class="button button-small" name="do" value="lifecycle">"Change lifecycle of selected…"</button>
                <button class="button button-small" name="do" value="copy" formaction=PointsCopyQuery::PATH>"Copy selected…"</button>
                <PickAll picked/>
            </p>
            <p class="tools-row">
                <span class="tools-label">{all}</span>
                <a class="button button-small" href=delete>"Delete all…"</a>
                <a class="button button-small" href=change>"Change lifecycle of all…"</a>
                <a class="button button-small" href=copy>"Copy all…"</a>
            </p>
        </div>
    }
}

fn nothing(filtered: bool) -> AnyView {
    if filtered {
        view! {
            <Empty title="No recovery point matches">
                <p>"Accounts that could not be read keep their last good data, so nothing is hidden by that."</p>
                <p><a class="button" href="/points">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No recovery point is known yet">
                <p>"Recovery points appear when an account has been read for the first time."</p>
                <p><a class="button" href="/resources">"See the resources"</a></p>
            </Empty>
        }
        .into_any()
    }
}
