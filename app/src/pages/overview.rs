use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{AccountOverview, Overview, Page, Privilege};

use super::{resources::attention_row, runs::run_rows};
use crate::{
    clock::page_clock,
    components::{
        AccountHealth, AccountLabel, Column, Empty, Moment, PageHead, Stat, Table, Tone, load,
    },
    format::{bytes, count},
    query::{Query, link},
    server_fns::{
        overview::get_overview,
        runs::{RunQuery, RunRow, list_runs},
    },
    use_session,
};

/// The whole estate at a glance: what is at risk, what is going on.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let overview = Resource::new_blocking(|| (), |()| get_overview());
    let runs = Resource::new_blocking(|| (), |()| list_runs(RunQuery::default()));
    view! {
        <PageHead title="Overview"/>
        {load(overview, |overview| show(overview).into_any())}
        <section aria-labelledby="runs-title">
            <div class="section-head">
                <h2 id="runs-title">"Runs"</h2>
                <a href="/runs">"All runs"</a>
            </div>
            {load(runs, |page| recent(page).into_any())}
        </section>
    }
}

fn show(overview: Overview) -> AnyView {
    if overview.accounts.is_empty() {
        return first_steps().into_any();
    }
    let sum = |count: fn(&AccountOverview) -> u64| overview.accounts.iter().map(count).sum::<u64>();
    let (protected, unprotected, failing) = (
        sum(|a| a.protected),
        sum(|a| a.unprotected),
        sum(|a| a.failing),
    );
    let oldest = overview
        .accounts
        .iter()
        .filter_map(|a| a.oldest_newest_point)
        .min();
    let attention = overview
        .attention
        .into_iter()
        .map(attention_row)
        .collect_view();
    let calm = unprotected == 0 && failing == 0;
    let tone_of = |number: u64, tone: Tone| if number > 0 { tone } else { Tone::Good };
    let (unprotected_tone, failing_tone) = (
        tone_of(unprotected, Tone::Warn),
        tone_of(failing, Tone::Bad),
    );
    let now = page_clock().now_once();
    let accounts = overview
        .accounts
        .into_iter()
        .map(|account| account_row(account, now))
        .collect_view();
    view! {
        <dl class="stats">
            <Stat label="Protected" value=count(protected) note="can be restored"
                tone=Tone::Good href=standing("protected")/>
            <Stat label="Unprotected" value=count(unprotected) note="no recovery point"
                tone=unprotected_tone href=standing("unprotected")/>
            <Stat label="Failing" value=count(failing) note="last backup failed"
                tone=failing_tone href=standing("failing")/>
            {oldest.map(oldest_change)}
            <Stat label="Recovery points" value=count(overview.points)
                note=format!("{} warm, {} cold", bytes(overview.warm_bytes), bytes(overview.cold_bytes))/>
        </dl>
        <section aria-labelledby="attention-title">
            <h2 id="attention-title">"Needs attention"</h2>
            {if calm {
                view! { <p class="calm">"Everything known can be restored, and no last backup failed."</p> }.into_any()
            } else {
                view! {
                    <Table
                        label="Resources that need a look"
                        columns=vec![
                            Column::text("Resource"),
                            Column::text("Status"),
                            Column::text("Account"),
                            Column::text("Last backup"),
                            Column::text("Actions"),
                        ]
                    >
                        {attention}
                    </Table>
                }.into_any()
            }}
        </section>
        <section aria-labelledby="accounts-title">
            <div class="section-head">
                <h2 id="accounts-title">"Accounts"</h2>
                <a href="/accounts">"All accounts"</a>
            </div>
            <Table
                label="Accounts"
                columns=vec![
                    Column::text("Account"),
                    Column::number("Protected"),
                    Column::number("Unprotected"),
                    Column::number("Failing"),
                    Column::text("Oldest last backup"),
                    Column::text("Sync status"),
                ]
            >
                {accounts}
            </Table>
        </section>
    }
    .into_any()
}

fn standing(word: &str) -> String {
    link("/resources", "protection", word)
}

/// Of everything protected, the change that would be lost first: how far back the worst one is.
fn oldest_change(at: Timestamp) -> impl IntoView {
    view! {
        <div class="stat" data-tone="neutral">
            <dt>"Oldest last backup"</dt>
            <dd>
                <span class="stat-value"><Moment at/></span>
                " " <span class="stat-note">"of all that is protected"</span>
            </dd>
        </div>
    }
}

fn account_row(account: AccountOverview, now: Timestamp) -> impl IntoView {
    let id = account.account.to_string();
    let href = format!("/accounts/{id}");
    let of = |word: &str| {
        let mut query = Query::default();
        query
            .push("account", account.account.as_str())
            .push("protection", word);
        query.on("/resources")
    };
    view! {
        <tr>
            <td>
                <a class="row-link" href=href>
                    <AccountLabel alias=account.alias.clone() id=id/>
                </a>
            </td>
            <td class="numeric"><a href=of("protected")>{count(account.protected)}</a></td>
            <td class="numeric"><a href=of("unprotected")>{count(account.unprotected)}</a></td>
            <td class="numeric"><a href=of("failing")>{count(account.failing)}</a></td>
            <td>{account.oldest_newest_point.map(|at| view! { <Moment at/> })}</td>
            <td><AccountHealth scopes=account.scopes now/></td>
        </tr>
    }
}

fn recent(page: Page<RunRow>) -> AnyView {
    let (active, done): (Vec<_>, Vec<_>) = page
        .items
        .into_iter()
        .partition(|run| !run.state.is_terminal());
    let shown: Vec<RunRow> = active.into_iter().chain(done).take(8).collect();
    if shown.is_empty() {
        return view! {
            <Empty title="Nothing has run yet">
                <p>"Every backup and restore that is started here appears as a run, step by step."</p>
            </Empty>
        }
        .into_any();
    }
    run_rows(shown)
}

fn first_steps() -> impl IntoView {
    let may = use_session().may(Privilege::ManageAccounts);
    view! {
        <Empty title="No account is registered yet">
            <p>"Register an AWS account; its tables, volumes and buckets then appear here by themselves."</p>
            {if may {
                view! { <p><a class="button button-primary" href="/accounts/new">"Add an account"</a></p> }.into_any()
            } else {
                view! { <p>"An admin can add one."</p> }.into_any()
            }}
        </Empty>
    }
}
