use jiff::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use tidemark_domain::{AccountCheck, AccountSummary, Privilege, ScopeState};

use super::new::check_form;
use crate::{
    clock::page_clock,
    components::{
        CheckList, Column, Copyable, Crumb, Disclosure, Field, FormError, Moment, Notice, PageHead,
        PostForm, ScopeBadge, Style, Table, Tone, load_page,
    },
    format::count,
    outcome::{failure, success},
    query::link,
    server_fns::accounts::{
        AccountTemplate, CheckAccount, RefreshAccount, RemoveAccount, get_account,
    },
    use_session,
};

/// One account: each Region's freshness, the cause where it cannot be read, and the check of the way in.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let params = use_params_map();
    let account = Resource::new_blocking(
        move || params.read().get("account").unwrap_or_default(),
        get_account,
    );
    load_page(account, |account| show(account).into_any())
}

fn show(account: AccountSummary) -> impl IntoView {
    let session = use_session();
    let (manages, refreshes) = (
        session.may(Privilege::ManageAccounts),
        session.may(Privilege::Refresh),
    );
    let id = account.account.to_string();
    let now = page_clock().now_once();
    let title = format!("{} ({id})", account.alias);
    let refresh = refreshes.then(|| refresh_form(id.clone()));
    let check = manages.then(|| check_form(id.clone()));
    let problems = account
        .scopes
        .iter()
        .filter_map(|scope| problem(scope, now))
        .collect_view();
    let regions = account
        .scopes
        .into_iter()
        .map(|scope| region_row(scope, now))
        .collect_view();
    let admin = manages.then(|| administration(&id));
    view! {
        <PageHead title=title crumbs=vec![Crumb::new("Accounts", "/accounts")]>{refresh}{check}</PageHead>
        <FormError action=RefreshAccount::PATH/>
        <FormError action=CheckAccount::PATH/>
        {success::<AccountCheck>(CheckAccount::PATH).map(checked)}
        <dl class="facts">
            <dt>"Account id"</dt><dd><Copyable text=id.clone() label="account id"/></dd>
            <dt>"Role"</dt><dd><Copyable text=account.role.as_str() label="role ARN"/></dd>
            <dt>"Resources"</dt>
            <dd>
                <a href=link("/resources", "account", &id)>{count(account.resources)}</a>
                ", of which " {count(account.protected)} " can be restored; "
                <a href=link("/timeline", "account", &id)>"all of them over time"</a>
            </dd>
        </dl>
        <section aria-labelledby="regions-title">
            <h2 id="regions-title">"Regions"</h2>
            {problems}
            <Table
                label="Regions"
                columns=vec![
                    Column::text("Region"),
                    Column::text("State"),
                    Column::text("Last sync"),
                    Column::text("Last attempt"),
                ]
            >
                {regions}
            </Table>
        </section>
        {admin}
    }
}

fn checked(check: AccountCheck) -> impl IntoView {
    let at = check.checked_at;
    let (tone, title) = match check.broken() {
        Some(link) => (
            Tone::Bad,
            format!("Connection test failed at: {}", link.name),
        ),
        None => (Tone::Good, "Connection test passed".to_owned()),
    };
    view! {
        <Notice tone title=title>
            <p>"Checked " <Moment at style=Style::Both/></p>
            <CheckList checks=check.links/>
        </Notice>
    }
}

/// Why a Region cannot be read, and what to do: in full width, so that it is read on a phone too.
fn problem(scope: &ScopeState, now: Timestamp) -> Option<impl IntoView + use<>> {
    let error = scope.error.clone()?;
    let title = format!("{} is {}", scope.scope.region, scope.health(now).as_str());
    let code = error.code.map(|code| view! { " " <code>{code}</code> });
    let request = error.request_id.map(|id| {
        view! { <p class="cell-note">"Request id " <Copyable text=id label="request id"/></p> }
    });
    Some(view! {
        <Notice tone=Tone::Bad title=title>
            <p>{error.message} {code}</p>
            <p><strong>"What to do: "</strong>{error.fix}</p>
            {request}
        </Notice>
    })
}

fn region_row(scope: ScopeState, now: Timestamp) -> impl IntoView {
    let moment = |at: Option<Timestamp>| match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => "never".into_any(),
    };
    let syncing = scope.syncing.then_some(" reading now");
    let health = scope.health(now);
    view! {
        <tr>
            <th scope="row">{scope.scope.region.to_string()}</th>
            <td><ScopeBadge health/>{syncing}</td>
            <td>{moment(scope.last_success)}</td>
            <td>{moment(scope.last_attempt)}</td>
        </tr>
    }
}

fn refresh_form(id: String) -> impl IntoView {
    view! {
        <PostForm action=RefreshAccount::PATH>
            <input type="hidden" name="account" value=id/>
            <button class="button">"Sync now"</button>
        </PostForm>
    }
}

fn administration(id: &str) -> impl IntoView + use<> {
    let template = success::<String>(AccountTemplate::PATH).map(|template| {
        view! {
            <Notice tone=Tone::Warn title="The template names the external id">
                <p>"Give it only to those who manage this account."</p>
                <Copyable text=template label="template" block=true/>
            </Notice>
        }
    });
    let (for_template, for_removal) = (id.to_owned(), id.to_owned());
    let refused = failure(RemoveAccount::PATH);
    let rule = refused
        .as_ref()
        .and_then(|error| error.rule_for("confirmation").map(str::to_owned))
        .unwrap_or_default();
    view! {
        <section aria-labelledby="admin-title">
            <h2 id="admin-title">"Administration"</h2>
            {template}
            <FormError action=AccountTemplate::PATH/>
            <PostForm action=AccountTemplate::PATH>
                <input type="hidden" name="account" value=for_template/>
                <button class="button">"Show the template"</button>
            </PostForm>
            <Disclosure summary="Remove the account" open=refused.is_some()>
                <p>"The console forgets the account and all that it knows of it. Nothing in AWS changes: backups and plans go on."</p>
                <FormError action=RemoveAccount::PATH/>
                <PostForm action=RemoveAccount::PATH class="form">
                    <input type="hidden" name="account" value=for_removal/>
                    <Field label="Type the account id" name="confirmation" error=rule required=true/>
                    <div class="form-actions"><button class="button button-danger">"Remove"</button></div>
                </PostForm>
            </Disclosure>
        </section>
    }
}
