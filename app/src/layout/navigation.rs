use leptos::prelude::*;
use leptos_router::hooks::use_location;
use tidemark_domain::{Me, Privilege};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::areas::{self, Page};

/// The box that shows the links on a narrow screen; it works without scripts.
const OPEN: &str = "navigation-open";

/// A place to go to.
struct Entry {
    href: &'static str,
    text: &'static str,
    page: Page,
    /// Who sees it; none is everybody.
    needs: Option<Privilege>,
}

const fn to(href: &'static str, text: &'static str, page: Page) -> Entry {
    Entry {
        href,
        text,
        page,
        needs: None,
    }
}

const fn only(needs: Privilege, entry: Entry) -> Entry {
    Entry {
        needs: Some(needs),
        ..entry
    }
}

/// What people come for, and where it is.
const GROUPS: &[(&str, &[Entry])] = &[
    (
        "Protect",
        &[
            to("/resources", "Resources", areas::RESOURCES),
            only(Privilege::ReadPlans, to("/plans", "Plans", areas::PLANS)),
            only(Privilege::ReadPlans, to("/sets", "Sets", areas::SETS)),
            only(
                Privilege::ReadVaults,
                to("/vaults", "Vaults", areas::VAULTS),
            ),
            only(
                Privilege::ReadVaults,
                to("/holds", "Legal holds", areas::HOLDS),
            ),
            only(
                Privilege::ReadBuckets,
                to("/buckets", "Buckets", areas::BUCKETS),
            ),
        ],
    ),
    (
        "Recover",
        &[
            to("/timeline", "Timeline", areas::TIMELINE),
            to("/points", "Recovery points", areas::POINTS),
            to("/records", "Records", areas::CAPTURES),
        ],
    ),
    (
        "Review",
        &[
            to("/jobs", "Jobs", areas::JOBS),
            to("/runs", "Runs", areas::RUNS),
            to("/coverage", "Coverage", areas::COVERAGE),
            to("/cost", "Cost", areas::COST),
            only(Privilege::ReadAudit, to("/audit", "Audit", areas::AUDIT)),
        ],
    ),
    (
        "Administer",
        &[
            to("/accounts", "Accounts", areas::ACCOUNTS),
            only(Privilege::ManageUsers, to("/users", "Users", areas::USERS)),
        ],
    ),
];

/// The way around: a side bar, or a list that opens where the screen is narrow.
#[component]
pub(super) fn Navigation(me: Me) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            fold();
        }
        now
    });
    let groups = GROUPS.iter().map(|(title, entries)| {
        let links = entries
            .iter()
            .filter(|entry| entry.needs.is_none_or(|privilege| me.may(privilege)))
            .map(|entry| link(path, entry))
            .collect_view();
        let id = format!("navigation-{}", title.to_lowercase());
        view! {
            <p class="nav-title" id=id.clone()>{*title}</p>
            <ul aria-labelledby=id>{links}</ul>
        }
    });
    view! {
        <nav class="nav" aria-label="Main">
            <input class="nav-open visually-hidden" type="checkbox" id=OPEN autocomplete="off"/>
            <label class="nav-label" for=OPEN>
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M2 4h12M2 8h12M2 12h12"></path>
                </svg>
                "Menu"
            </label>
            <div class="nav-groups">
                <ul>{link(path, &to("/", "Overview", areas::OVERVIEW))}</ul>
                {groups.collect_view()}
            </div>
        </nav>
    }
}

fn link(path: Memo<String>, entry: &Entry) -> impl IntoView + use<> {
    let &Entry {
        href, text, page, ..
    } = entry;
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
}

/// Closes the list that was opened on a narrow screen.
fn fold() {
    let open = document().get_element_by_id(OPEN);
    if let Some(open) = open.and_then(|open| open.dyn_into::<HtmlInputElement>().ok()) {
        open.set_checked(false);
    }
}
