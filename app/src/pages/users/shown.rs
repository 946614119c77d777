use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{NewPassword, Role, UserState, UserSummary};

use crate::{
    components::{Badge, Choice, Copyable, Moment, Notice, Tone},
    query::link,
};

/// A password that was just made: this page is the only one that ever shows it.
pub(super) fn once(new: NewPassword) -> impl IntoView {
    let name = new.user.name;
    let title = format!("Copy the password of {name} now");
    let disabled = new.user.disabled_at.map(|_| {
        view! { <p>"They are disabled: it works once you enable them."</p> }
    });
    view! {
        <Notice tone=Tone::Warn title=title>
            <p>
                "It is shown this one time. Give it to them in a way that nobody else can read. With it they sign in once "
                "as " <strong>{name.clone()}</strong> ", and then choose their own."
            </p>
            <p><Copyable text=new.password.reveal() label="password"/></p>
            {disabled}
        </Notice>
    }
}

/// Whether a user can sign in, with what keeps them.
pub(super) fn state(user: &UserSummary, now: Timestamp) -> impl IntoView + use<> {
    let state = user.state(now);
    let tone = match state {
        UserState::Enabled => Tone::Good,
        UserState::OneTimePassword => Tone::Neutral,
        UserState::LockedOut => Tone::Warn,
        UserState::Disabled => Tone::Bad,
    };
    let since = match state {
        UserState::LockedOut => user.locked_until.map(|at| (" until ", at)),
        UserState::Disabled => user.disabled_at.map(|at| (" since ", at)),
        UserState::Enabled | UserState::OneTimePassword => None,
    };
    let since = since.map(|(word, at)| view! { {word} <Moment at/> });
    view! { <Badge tone text=state.as_str()/> {since} }
}

/// A moment that may not have come yet.
pub(super) fn moment(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => "never".into_any(),
    }
}

/// The roles to choose from.
pub(super) fn roles() -> Vec<Choice> {
    Role::ALL
        .map(|role| {
            let word = role.as_str();
            Choice::new(word, format!("{word}: {}", role.explain()))
        })
        .to_vec()
}

/// The address of a user's page.
pub(super) fn address(name: &str) -> String {
    link("/users/view", "name", name)
}
