use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{NewPassword, Privilege, UserState, UserSummary};

use super::shown::{moment, once, roles, state};
use crate::{
    clock::page_clock,
    components::{Crumb, FormError, Moment, PageHead, PostForm, Select, Style, load_page},
    outcome::{failure, success},
    pages::{only, search},
    query::pairs,
    server_fns::users::{ChangeRole, DisableUser, EnableUser, ResetPassword, UnlockUser, get_user},
    use_session,
};

/// One user: the role, whether they can sign in, and what an admin changes about that.
#[component]
pub(crate) fn UserPage() -> impl IntoView {
    only(Privilege::ManageUsers, super::GUIDANCE, || {
        page().into_any()
    })
}

fn page() -> impl IntoView {
    let search = search();
    let user = Resource::new_blocking(move || named(&search.get()), get_user);
    load_page(user, |user| show(user).into_any())
}

/// The name that the address says.
fn named(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(field, _)| field == "name")
        .map(|(_, name)| name)
        .unwrap_or_default()
}

fn show(user: UserSummary) -> impl IntoView {
    let now = page_clock().now_once();
    let shown = state(&user, now);
    let name = user.name.clone();
    let own = use_session().me.is_some_and(|me| me.name == name);
    let changes = if own {
        view! {
            <p class="prose">
                "This is you. Your own password you change under " <a href="/password">"Change password"</a>
                "; your role, and whether you can sign in, another admin changes."
            </p>
        }
        .into_any()
    } else {
        changes(&user, user.state(now)).into_any()
    };
    view! {
        <PageHead title=name.clone() crumbs=vec![Crumb::new("Users", "/users")]/>
        {success::<NewPassword>(ResetPassword::PATH).map(once)}
        <dl class="facts">
            <dt>"Name"</dt><dd>{name}</dd>
            <dt>"Role"</dt><dd>{user.role.as_str()} ": " {user.role.explain()}</dd>
            <dt>"State"</dt><dd>{shown}</dd>
            <dt>"Last sign-in"</dt><dd>{moment(user.last_sign_in_at)}</dd>
            <dt>"Added"</dt><dd><Moment at=user.created_at style=Style::Both/></dd>
        </dl>
        {changes}
    }
}

fn changes(user: &UserSummary, state: UserState) -> impl IntoView + use<> {
    let name = user.name.clone();
    let unlock = (state == UserState::LockedOut).then(|| unlock(name.clone()));
    let sign_in = if state == UserState::Disabled {
        enable(name.clone()).into_any()
    } else {
        disable(name.clone()).into_any()
    };
    view! {
        {role(user)}
        <section aria-labelledby="password-title">
            <h2 id="password-title">"Password"</h2>
            <FormError action=ResetPassword::PATH/>
            <p class="prose">
                "For somebody who has forgotten theirs. The console makes a new one and shows it to you once; they must change "
                "it when they sign in. Whatever they are signed in to now ends."
            </p>
            {named_form(ResetPassword::PATH, name, "button", "Reset the password")}
            {unlock}
        </section>
        <section aria-labelledby="sign-in-title">
            <h2 id="sign-in-title">"Sign-in"</h2>
            {sign_in}
        </section>
    }
}

fn role(user: &UserSummary) -> impl IntoView + use<> {
    let rule = failure(ChangeRole::PATH)
        .and_then(|error| error.rule_for("role").map(str::to_owned))
        .unwrap_or_default();
    let name = user.name.clone();
    let now = user.role.as_str();
    view! {
        <section aria-labelledby="role-title">
            <h2 id="role-title">"Role"</h2>
            <div class="narrow">
                <FormError action=ChangeRole::PATH/>
                <PostForm action=ChangeRole::PATH class="form">
                    <input type="hidden" name="name" value=name/>
                    <Select label="Role" name="role" choices=roles() value=now error=rule
                        hint="They are signed out, and have the new role when they sign in again. Runs that they began go on."/>
                    <div class="form-actions"><button class="button">"Change the role"</button></div>
                </PostForm>
            </div>
        </section>
    }
}

fn unlock(name: String) -> impl IntoView {
    view! {
        <FormError action=UnlockUser::PATH/>
        <p class="prose">
            "Too many wrong passwords: they cannot sign in for a while. If it was not they who tried, somebody else did: the "
            "audit log says from where."
        </p>
        {named_form(UnlockUser::PATH, name, "button", "Unlock now")}
    }
}

fn disable(name: String) -> impl IntoView {
    view! {
        <FormError action=DisableUser::PATH/>
        <p class="prose">
            "Who is disabled cannot sign in, and whatever they are signed in to now ends. Runs that they began go on. You can "
            "enable them again at any time."
        </p>
        {named_form(DisableUser::PATH, name, "button button-danger", "Disable")}
    }
}

fn enable(name: String) -> impl IntoView {
    view! {
        <FormError action=EnableUser::PATH/>
        <p class="prose">"They can sign in again, with the password that they had."</p>
        {named_form(EnableUser::PATH, name, "button button-primary", "Enable")}
    }
}

/// A form of one button, about the user.
fn named_form(
    action: &'static str,
    name: String,
    class: &'static str,
    button: &'static str,
) -> impl IntoView {
    view! {
        <PostForm action=action>
            <input type="hidden" name="name" value=name/>
            <button class=class>{button}</button>
        </PostForm>
    }
}
