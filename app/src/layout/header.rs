use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use tidemark_domain::{Me, Privilege};

use crate::{
    areas,
    components::PostForm,
    server_fns::session::{SetTheme, SignOut},
    session::Theme,
    use_session,
};

/// The console's name, the way around, the person.
#[component]
pub(super) fn Header() -> impl IntoView {
    let session = use_session();
    let nav = session
        .me
        .as_ref()
        .filter(|me| !me.must_change_password)
        .map(navigation);
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
            {nav}
            <div class="header-end">
                <ThemeChoice theme=session.theme/>
                {person}
            </div>
        </header>
    }
}

fn navigation(me: &Me) -> impl IntoView + use<> {
    let path = use_location().pathname;
    let link = move |href: &'static str, text: &'static str, page: areas::Page| {
        let current = move || {
            let path = path.get();
            let here = if href == "/" {
                path == "/"
            } else {
                path == href || path.starts_with(&format!("{href}/"))
            };
            here.then_some("page")
        };
        // Its code is on the way before the click.
        let soon = move || areas::fetch(page);
        view! {
            <li>
                <a
                    href=href
                    aria-current=current
                    on:pointerenter=move |_| soon()
                    on:focus=move |_| soon()
                >
                    {text}
                </a>
            </li>
        }
    };
    let plans = me
        .may(Privilege::ReadPlans)
        .then(|| link("/plans", "Plans", areas::PLANS));
    let records = link("/records", "Records", areas::CAPTURES);
    let audit = me
        .may(Privilege::ReadAudit)
        .then(|| link("/audit", "Audit", areas::AUDIT));
    let users = me
        .may(Privilege::ManageUsers)
        .then(|| link("/users", "Users", areas::USERS));
    let vaults = me
        .may(Privilege::ReadVaults)
        .then(|| link("/vaults", "Vaults", areas::VAULTS));
    view! {
        <nav class="nav" aria-label="Main">
            <ul>
                {link("/", "Overview", areas::OVERVIEW)}
                {link("/resources", "Resources", areas::RESOURCES)}
                {link("/timeline", "Timeline", areas::TIMELINE)}
                {plans}
                {link("/coverage", "Coverage", areas::COVERAGE)}
                {link("/cost", "Cost", areas::COST)}
                {link("/points", "Points", areas::POINTS)}
                {records}
                {vaults}
                {link("/runs", "Runs", areas::RUNS)}
                {link("/accounts", "Accounts", areas::ACCOUNTS)}
                {audit}
                {users}
            </ul>
        </nav>
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
                Theme::System => "As the system",
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
            <summary aria-label="Colours">
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
