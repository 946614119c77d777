use jiff::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use tidemark_domain::{AccountCheck, AccountSummary, Leaving, Privilege, ScopeState};

use super::{
    new::check_form,
    role::role,
    templates::{all_template, formats},
};
use crate::{
    clock::page_clock,
    components::{
        CheckList, Column, Copyable, Crumb, Disclosure, Field, FormError, Moment, Notice, PageHead,
        PostForm, ScopeBadge, Select, Style, Table, Tone, load_or, load_page,
    },
    format::count,
    outcome::{failure, success},
    query::link,
    server_fns::accounts::{
        AccountTemplate, CheckAccount, RefreshAccount, RemoveAccount, RotateAccount,
        account_leaving, get_account, get_permissions,
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
    let session = use_session();
    let permissions = session.may(Privilege::ReadPermissions).then(|| {
        let refreshes = session.may(Privilege::Refresh);
        let permissions = Resource::new_blocking(
            move || params.read().get("account").unwrap_or_default(),
            get_permissions,
        );
        // What is wrong with the account itself is said above.
        load_or(
            permissions,
            move |permissions| role(permissions, refreshes),
            |_| ().into_any(),
        )
    });
    let leaving = session.may(Privilege::ManageAccounts).then(|| {
        let leaving = Resource::new_blocking(
            move || params.read().get("account").unwrap_or_default(),
            account_leaving,
        );
        load_or(
            leaving,
            |leaving| removal(leaving).into_any(),
            |_| ().into_any(),
        )
    });
    view! {
        {load_page(account, |account| show(account).into_any())}
        {permissions}
        {leaving}
    }
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
    let admin = manages.then(|| administration(&id, account.rotating_since));
    let waiting = account.awaited_until.map(|until| {
        view! {
            <Notice tone=Tone::Warn title="The roles are waited for">
                <p>
                    "No Region could be read yet. The console looks for the role every 15 seconds until "
                    <Moment at=until style=Style::Both/>
                    ", and with each reading after that: IAM shows what a stack makes with some delay."
                </p>
            </Notice>
        }
    });
    view! {
        <PageHead title=title crumbs=vec![Crumb::new("Accounts", "/accounts")]>{refresh}{check}</PageHead>
        <FormError action=RefreshAccount::PATH/>
        <FormError action=CheckAccount::PATH/>
        {success::<AccountCheck>(CheckAccount::PATH).map(checked)}
        {waiting}
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

fn administration(id: &str, rotating_since: Option<Timestamp>) -> impl IntoView + use<> {
    let for_template = id.to_owned();
    view! {
        <section aria-labelledby="admin-title">
            <h2 id="admin-title">"Administration"</h2>
            {all_template()}
            <FormError action=AccountTemplate::PATH/>
            <PostForm action=AccountTemplate::PATH class="form">
                <input type="hidden" name="account" value=for_template/>
                <Select label="Template" name="format" choices=formats()/>
                <Field label="Features" name="features"
                    hint="What the role is made for, if not what the account is registered with."/>
                <div class="form-actions"><button class="button">"Show the template"</button></div>
            </PostForm>
            {rotation(id, rotating_since)}
        </section>
    }
}

fn rotation(id: &str, since: Option<Timestamp>) -> AnyView {
    let account = id.to_owned();
    let error = view! { <FormError action=RotateAccount::PATH/> };
    match since {
        Some(since) => view! {
            <Notice tone=Tone::Warn title="A new external id waits for the role to take it">
                <p>
                    "Created " <Moment at=since/> ". Apply the account's template: it names the old one and the new one. The console tries "
                    "the new one every minute and forgets the old one once the new one gets in. Then apply the template "
                    "once more, which names the new one alone."
                </p>
                {error}
                <PostForm action=RotateAccount::PATH>
                    <input type="hidden" name="account" value=account/>
                    <input type="hidden" name="give_up" value="yes"/>
                    <button class="button">"Give the new one up"</button>
                </PostForm>
            </Notice>
        }
        .into_any(),
        None => view! {
            <Disclosure summary="Change the external id">
                <p>
                    "The console makes a new one. The old one works until the role takes the new one, so nothing is interrupted."
                </p>
                {error}
                <PostForm action=RotateAccount::PATH>
                    <input type="hidden" name="account" value=account/>
                    <button class="button">"Make a new external id"</button>
                </PostForm>
            </Disclosure>
        }
        .into_any(),
    }
}

fn removal(leaving: Leaving) -> impl IntoView {
    let refused = failure(RemoveAccount::PATH);
    let rule = refused
        .as_ref()
        .and_then(|error| error.rule_for("confirmation").map(str::to_owned))
        .unwrap_or_default();
    let id = leaving.account.to_string();
    let tone = if leaving.warns() {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let lines = leaving
        .sentences()
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <Disclosure summary="Remove the account" open=refused.is_some()>
            <p>"The console forgets the account and all that it knows of it. Nothing in AWS changes."</p>
            <Notice tone title="What stays behind, and what ends"><ul>{lines}</ul></Notice>
            <FormError action=RemoveAccount::PATH/>
            <PostForm action=RemoveAccount::PATH class="form">
                <input type="hidden" name="account" value=id/>
                <Field label="Type the account id" name="confirmation" error=rule required=true/>
                <div class="form-actions"><button class="button button-danger">"Remove"</button></div>
            </PostForm>
        </Disclosure>
    }
}
