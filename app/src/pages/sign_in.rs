use leptos::{prelude::*, server_fn::ServerFn};

use super::search;
use crate::{
    components::{Field, FormError, Notice, PageHead, PostForm, Tone},
    outcome::{entered, failure},
    query::pairs,
    server_fns::session::{ChangePassword, SignIn},
    use_session,
};

/// Where people sign in.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let next = pairs(&search().get_untracked())
        .into_iter()
        .find(|(name, _)| name == "next")
        .map(|(_, value)| value)
        .unwrap_or_default();
    let demo = use_session().demo.then(demo_users);
    view! {
        <div class="narrow">
            <PageHead title="Sign in"/>
            <FormError action=SignIn::PATH/>
            <PostForm action=SignIn::PATH class="form">
                <input type="hidden" name="next" value=next/>
                <Field
                    label="Name"
                    name="name"
                    value=entered(SignIn::PATH, "name")
                    autocomplete="username"
                    required=true
                />
                <Field
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    required=true
                />
                <div class="form-actions"><button class="button button-primary">"Sign in"</button></div>
            </PostForm>
            {demo}
        </div>
    }
}

fn demo_users() -> impl IntoView {
    view! {
        <Notice tone=Tone::Neutral title="This is a demo with a simulated AWS">
            <p>
                "Sign in as " <code>"operator"</code> ", " <code>"admin"</code> ", " <code>"owner"</code> ", "
                <code>"viewer"</code> " or " <code>"auditor"</code> ", each with the password "
                <code>"tidemark-demo"</code> "."
            </p>
        </Notice>
    }
}

/// Where people change their password.
#[component]
pub(crate) fn PasswordPage() -> impl IntoView {
    let forced = use_session().me.is_some_and(|me| me.must_change_password);
    let rule = |field: &str| {
        failure(ChangePassword::PATH).and_then(|e| e.rule_for(field).map(str::to_owned))
    };
    view! {
        <div class="narrow">
            <PageHead title="Change password"/>
            {forced.then(|| view! {
                <Notice tone=Tone::Warn title="Choose your own password first">
                    <p>"The one that you have was made for you. Nothing else is open until you change it."</p>
                </Notice>
            })}
            <FormError action=ChangePassword::PATH/>
            <PostForm action=ChangePassword::PATH class="form">
                <Field
                    label="Current password"
                    name="current_password"
                    kind="password"
                    autocomplete="current-password"
                    error=rule("current password").unwrap_or_default()
                    required=true
                />
                <Field
                    label="New password"
                    name="new_password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. A passphrase is stronger than a short complex password."
                    error=rule("new password").unwrap_or_default()
                    required=true
                />
                <Field
                    label="New password again"
                    name="repeated_password"
                    kind="password"
                    autocomplete="new-password"
                    error=rule("repeated password").unwrap_or_default()
                    required=true
                />
                <p class="field-hint">"Your other sessions end."</p>
                <div class="form-actions"><button class="button button-primary">"Change password"</button></div>
            </PostForm>
        </div>
    }
}
