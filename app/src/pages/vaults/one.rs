use leptos::prelude::*;
use tidemark_domain::{LegalHold, VaultDetail, quota};

use super::{actions::actions, lock::lock_notice};
use crate::{
    clock::page_clock,
    components::{
        AccountLabel, Badge, Column, Copyable, Crumb, Empty, Moment, PageHead, ProgressBar, Style,
        Table, Tone, load, load_page,
    },
    format::{bytes, count, counted},
    pages::{points::points_rows, search},
    query::pairs,
    server_fns::{
        points::{PointQuery, search_points},
        vaults::get_vault,
    },
};

/// One vault: its lock, who may reach it, what lies in it, what holds it.
#[component]
pub(crate) fn VaultPage() -> impl IntoView {
    let search = search();
    let arn = Memo::new(move |_| {
        pairs(&search.get())
            .into_iter()
            .find(|(name, _)| name == "arn")
            .map(|(_, arn)| arn)
            .unwrap_or_default()
    });
    let vault = Resource::new_blocking(move || arn.get(), get_vault);
    load_page(vault, |detail| show(detail).into_any())
}

fn show(detail: VaultDetail) -> impl IntoView {
    let now = page_clock().now_once();
    let vault = detail.vault.clone();
    let id = vault.account.to_string();
    let account_page = format!("/accounts/{id}");
    let key = vault.encryption_key.as_ref().map(|key| {
        let text = key.to_string();
        view! { <dt>"Encryption key"</dt><dd><Copyable text label="key ARN"/></dd> }
    });
    let list = PointQuery {
        account: id.clone(),
        region: vault.region.to_string(),
        vault: vault.name.clone(),
        ..PointQuery::default()
    };
    view! {
        <PageHead title=vault.name.clone() crumbs=vec![Crumb::new("Vaults", "/vaults")]/>
        {lock_notice(&vault, now)}
        {actions(&detail, now)}
        <dl class="facts">
            <dt>"ARN"</dt><dd><Copyable text=vault.arn.as_str() label="ARN"/></dd>
            <dt>"Kind"</dt><dd>{vault.kind.label().to_owned()}</dd>
            <dt>"Account"</dt>
            <dd><a href=account_page><AccountLabel alias=detail.alias.clone() id=id/></a></dd>
            <dt>"Region"</dt><dd>{vault.region.to_string()}</dd>
            {vault.created_at.map(|at| view! { <dt>"Created"</dt><dd><Moment at style=Style::Both/></dd> })}
            {key}
        </dl>
        {contents(&detail, &list)}
        {points(list)}
        {holds(&detail.holds)}
        {policy(vault.access_policy)}
        {quotas(&detail)}
    }
}

/// What lies in it in a few figures, each of which leads to its list.
fn contents(detail: &VaultDetail, list: &PointQuery) -> impl IntoView + use<> {
    let contents = detail.contents;
    let of = |change: fn(&mut PointQuery)| {
        let mut list = list.clone();
        change(&mut list);
        list.on("/points")
    };
    let figure = |href: String, number: u64, word: &'static str| {
        view! { <li><a href=href><strong>{count(number)}</strong> " " {word}</a></li> }
    };
    let reach = match (contents.oldest, contents.newest) {
        (Some(oldest), Some(newest)) => view! {
            <p>"From " <Moment at=oldest style=Style::Both/> " to " <Moment at=newest style=Style::Both/> ", " {bytes(contents.bytes)} "."</p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <section aria-labelledby="contents-title">
            <h2 id="contents-title">"Recovery points"</h2>
            <ul class="figures">
                {figure(of(|_| {}), contents.points, "recovery points")}
                {figure(of(|list| "cold".clone_into(&mut list.tier)), contents.cold, "in cold storage")}
                {figure(of(|list| "EXPIRED".clone_into(&mut list.status)), contents.expired, "expired")}
                {figure(of(|list| "held".clone_into(&mut list.kept)), contents.held, "under a legal hold")}
            </ul>
            {reach}
        </section>
    }
}

fn points(list: PointQuery) -> impl IntoView {
    let all = list.on("/points");
    let points = Resource::new_blocking(|| (), move |()| search_points(list.clone()));
    let all = StoredValue::new(all);
    view! {
        <section aria-labelledby="points-title">
            <div class="section-head">
                <h2 id="points-title">"Newest recovery points"</h2>
                <a class="button" href=all.get_value()>"Filter and change"</a>
            </div>
            {load(points, move |mut page| {
                if page.items.is_empty() {
                    return view! {
                        <Empty title="There is nothing in it">
                            <p>"Backups into this vault appear here when they are complete."</p>
                        </Empty>
                    }.into_any();
                }
                page.items.truncate(10);
                points_rows(page.items, None, &[])
            })}
        </section>
    }
}

fn holds(holds: &[LegalHold]) -> AnyView {
    if holds.is_empty() {
        return ().into_any();
    }
    let rows = holds.iter().cloned().map(hold).collect_view();
    view! {
        <section aria-labelledby="holds-title">
            <h2 id="holds-title">"Legal holds"</h2>
            <Table
                label="Legal holds"
                columns=vec![
                    Column::text("Title"),
                    Column::text("Status"),
                    Column::number("Holds"),
                    Column::text("Covers"),
                    Column::text("Created"),
                    Column::text("Id"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn hold(hold: LegalHold) -> impl IntoView {
    let tone = if hold.is_active() {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let vaults = if hold.vaults.is_empty() {
        "every vault".to_owned()
    } else {
        hold.vaults.join(", ")
    };
    let resources = if hold.resources.is_empty() {
        "every resource".to_owned()
    } else {
        counted(hold.resources.len() as u64, "resource", "resources")
    };
    let range = match (hold.from, hold.until) {
        (Some(from), Some(until)) => view! {
            <p class="cell-note">"made from " <Moment at=from style=Style::Exact/> " to " <Moment at=until style=Style::Exact/></p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <tr>
            <td class="cell-name">{hold.title} <p class="cell-note">{hold.description}</p></td>
            <td><Badge tone text=hold.status.to_lowercase()/></td>
            <td class="numeric">{counted(hold.points, "point", "points")}</td>
            <td>{resources} " in " {vaults} {range}</td>
            <td><Moment at=hold.created_at style=Style::Both/></td>
            <td><Copyable text=hold.id label="id of the hold"/></td>
        </tr>
    }
}

fn policy(policy: Option<String>) -> impl IntoView {
    let body = match policy {
        None => view! {
            <p class="muted">"There is none: only this account's own permissions decide. Copies from other accounts need a policy that allows backup:CopyIntoBackupVault."</p>
        }
        .into_any(),
        Some(policy) => {
            let text = serde_json::from_str::<serde_json::Value>(&policy)
                .and_then(|value| serde_json::to_string_pretty(&value))
                .unwrap_or(policy);
            view! { <Copyable text label="access policy" block=true/> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="policy-title">
            <h2 id="policy-title">"Access policy"</h2>
            {body}
        </section>
    }
}

/// How much of AWS Backup's quotas is used.
fn quotas(detail: &VaultDetail) -> impl IntoView + use<> {
    let row = |what: &'static str, used: u64, most: u64| {
        let percent = u8::try_from(used * 100 / most).unwrap_or(100).min(100);
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td class="numeric">{count(used)}</td>
                <td class="numeric">{count(most)}</td>
                <td><ProgressBar percent=Signal::stored(Some(percent)) label=what/></td>
            </tr>
        }
    };
    let rows = [
        row(
            "Recovery points in this vault",
            detail.contents.points,
            quota::POINTS_PER_VAULT,
        ),
        row(
            "Vaults in this account and Region",
            detail.vaults,
            quota::VAULTS,
        ),
        row(
            "Active legal holds in this account and Region",
            detail.active_holds,
            quota::LEGAL_HOLDS,
        ),
    ];
    view! {
        <section aria-labelledby="quota-title">
            <h2 id="quota-title">"Quotas"</h2>
            <Table
                label="Quotas"
                columns=vec![
                    Column::text("What"),
                    Column::number("Used"),
                    Column::number("Quota"),
                    Column::text("Share"),
                ]
            >
                {rows.into_iter().collect_view()}
            </Table>
            <p class="field-hint">"AWS Backup's default quotas; AWS may have raised yours."</p>
        </section>
    }
}
