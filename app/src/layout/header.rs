use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::Me;

use crate::{
    components::PostForm,
    server_fns::session::{SetTheme, SignOut},
    session::Theme,
    use_session,
};

/// The console's name and the person.
#[component]
pub(super) fn Header() -> impl IntoView {
    let session = use_session();
    let person = session.me.map(person);
    view! {
        <header class="header">
            <a class="brand" href="/">
                <svg class="brand-sign" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M2 9c3.3 0 3.3-3 6.6-3s3.4 3 6.7 3 3.4-3 6.7-3"></path>
                    <path d="M2 18c3.3 0 3.3-3 6.6-3s3.4 3 6.7 3 3.4-3 6.7-3"></path>
                    <path class="brand-mark" d="M4 12.5h16"></path>
                </svg>
                "Tidemark"
            </a>
            {session.demo.then(|| view! { <span class="demo">"simulated AWS"</span> })}
            <div class="header-end">
                <ThemeChoice theme=session.theme/>
                {person}
            </div>
        </header>
    }
}

fn person(me: Me) -> impl IntoView {
    view! {
        <details class="menu" name="header-menu">
            <summary>
                {me.name} " " <span class="menu-role">{me.role.as_str()}</span>
            </summary>
            <div class="menu-body">
                <a href="/password">"Change password"</a>
                <PostForm action=SignOut::PATH>
                    <button class="menu-button">"Sign out"</button>
                </PostForm>
            </div>
        </details>
    }
}

/// Light, dark, or as the system has it.
#[component]
fn ThemeChoice(theme: Theme) -> impl IntoView {
    let buttons = Theme::ALL
        .into_iter()
        .map(|choice| {
            let pressed = if choice == theme { "true" } else { "false" };
            let text = match choice {
                Theme::System => "System",
                Theme::Light => "Light",
                Theme::Dark => "Dark",
            };
            view! {
                <button class="menu-button" name="theme" value=choice.as_str() aria-pressed=pressed>
                    {text}
                </button>
            }
        })
        .collect_view();
    view! {
        <details class="menu" name="header-menu">
            <summary aria-label="Theme">
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <circle cx="8" cy="8" r="6"></circle>
                    <path class="icon-fill" d="M8 2a6 6 0 0 1 0 12z"></path>
                </svg>
            </summary>
            <div class="menu-body">
                <PostForm action=SetTheme::PATH>{buttons}</PostForm>
            </div>
        </details>
    }
}
