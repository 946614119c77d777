use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{
    AccountOverview, JobCause, LostPermissions, Overview, OwnResources, Page, Privilege,
    ResourceRow,
};

use super::{accounts::some_words, jobs::causes_section, resources::attention_row, runs::run_rows};
use crate::{
    clock::page_clock,
    components::{
        AccountHealth, AccountLabel, Column, Empty, Moment, Notice, PageHead, Stat, Table, Tone,
        load,
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
    if let Some(mine) = overview.mine {
        return of_owner(mine, overview.causes, overview.attention).into_any();
    }
    if overview.accounts.is_empty() {
        return first_steps().into_any();
    }
    let sum = |count: fn(&AccountOverview) -> u64| overview.accounts.iter().map(count).sum::<u64>();
    let standing = OwnResources {
        protected: sum(|a| a.protected),
        unprotected: sum(|a| a.unprotected),
        failing: sum(|a| a.failing),
    };
    let oldest = overview
        .accounts
        .iter()
        .filter_map(|a| a.oldest_newest_point)
        .min();
    let now = page_clock().now_once();
    let accounts = overview
        .accounts
        .into_iter()
        .map(|account| account_row(account, now))
        .collect_view();
    view! {
        <dl class="stats">
            {stats(standing, &overview.causes)}
            {oldest.map(oldest_change)}
            <Stat label="Recovery points" value=count(overview.points)
                note=format!("{} warm, {} cold", bytes(overview.warm_bytes), bytes(overview.cold_bytes))/>
        </dl>
        {lost(overview.lost)}
        {causes_section(overview.causes, FAILED_LATELY)}
        {attention(standing, overview.attention)}
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

const FAILED_LATELY: &str = "Failed in the last 7 days";

/// An owner's own resources: others are none of their business.
fn of_owner(mine: OwnResources, causes: Vec<JobCause>, worst: Vec<ResourceRow>) -> impl IntoView {
    if mine == OwnResources::default() {
        return view! {
            <Empty title="Nothing of yours is known">
                <p>"You see the resources whose owner tag names you. None has been found in the last sync."</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <dl class="stats">{stats(mine, &causes)}</dl>
        <p class="lead">
            <a class="button button-primary" href="/restore">"Restore"</a> " " <a class="button" href="/resources">"Your resources"</a>
        </p>
        {causes_section(causes, FAILED_LATELY)}
        {attention(mine, worst)}
    }
    .into_any()
}

fn stats(standing: OwnResources, causes: &[JobCause]) -> impl IntoView + use<> {
    let tone_of = |number: u64, tone: Tone| if number > 0 { tone } else { Tone::Good };
    let failed: u64 = causes.iter().map(|cause| cause.jobs).sum();
    let (unprotected, failing) = (standing.unprotected, standing.failing);
    view! {
        <Stat label="Protected" value=count(standing.protected) note="can be restored"
            tone=Tone::Good href=of_status("protected")/>
        <Stat label="Unprotected" value=count(unprotected) note="no recovery point"
            tone=tone_of(unprotected, Tone::Warn) href=of_status("unprotected")/>
        <Stat label="Failing" value=count(failing) note="last backup failed"
            tone=tone_of(failing, Tone::Bad) href=of_status("failing")/>
        <Stat label="Failed jobs" value=count(failed) note="in the last 7 days"
            tone=tone_of(failed, Tone::Bad) href="/jobs?outcome=failed&days=7"/>
    }
}

fn attention(standing: OwnResources, worst: Vec<ResourceRow>) -> impl IntoView {
    let calm = standing.unprotected == 0 && standing.failing == 0;
    let rows = worst.into_iter().map(attention_row).collect_view();
    let shown = if calm {
        view! { <p class="calm">"Everything known can be restored, and no last backup failed."</p> }
            .into_any()
    } else {
        view! {
            <Table
                label="Resources that need attention"
                columns=vec![
                    Column::text("Resource"),
                    Column::text("Status"),
                    Column::text("Account"),
                    Column::text("Last backup"),
                    Column::text("Actions"),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="attention-title">
            <h2 id="attention-title">"Needs attention"</h2>
            {shown}
        </section>
    }
}

/// Roles that may no longer do what they once could: a backup of tonight may fail of it.
fn lost(lost: Vec<LostPermissions>) -> Option<impl IntoView> {
    if lost.is_empty() {
        return None;
    }
    let lines = lost
        .into_iter()
        .map(|one| {
            let href = format!("/accounts/{}", one.account);
            let words = some_words(&one.actions);
            view! { <li><a href=href>{one.alias}</a> ": " {words} ", since " <Moment at=one.since/></li> }
        })
        .collect_view();
    Some(view! {
        <Notice tone=Tone::Bad title="Roles may no longer do what they once could">
            <ul>{lines}</ul>
        </Notice>
    })
}

fn of_status(word: &str) -> String {
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
