//! Pages, components and server functions of the console.
//!
//! This file is the map of the console: the routes and what stands behind each.

#![expect(
    unreachable_pub,
    reason = "the component macro makes items public that cannot be reached from outside"
)]
// Views are deep types.
#![recursion_limit = "512"]

pub mod error;
pub mod format;
pub mod outcome;
pub mod plan_form;
pub mod query;
pub mod server_fns;
pub mod session;
pub mod wire;
pub mod wizard;

#[cfg(not(feature = "ssr"))]
pub use areas::load_shown;

mod alive;
mod areas;
mod clock;
mod components;
mod layout;
mod pages;
mod rescue;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
mod zone;

#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "ssr")]
pub use ssr::{Console, SessionPort, Visitor, handle_server_fn, provide};

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    clock::PageClock, layout::Layout, outcome::Outcome, pages::not_found::NotFoundPage,
    session::Session,
};

/// The root of the console.
///
/// Every route waits for its data before the first byte is sent, so that each page is complete
/// without JavaScript and carries the right status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session = SharedValue::new(session_of_request).into_inner();
    let outcome = SharedValue::new(outcome_of_request).into_inner();
    provide_context(PageClock::start(session.now));
    provide_context(Outcome(StoredValue::new(outcome)));
    provide_context(session);
    areas::Loading::provide();
    view! {
        <Title formatter=document_title/>
        <Router>
            <Layout>
                <Routes fallback=|| view! { <NotFoundPage/> }>
                    <Route path=path!("/") view=areas::OVERVIEW ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=areas::SIGN_IN ssr=SsrMode::Async/>
                    <Route path=path!("/password") view=areas::PASSWORD ssr=SsrMode::Async/>
                    <Route path=path!("/accounts") view=areas::ACCOUNTS ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/new") view=areas::NEW_ACCOUNT ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/permissions") view=areas::PERMISSIONS ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/enrol") view=areas::ENROL ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/:account") view=areas::ACCOUNT ssr=SsrMode::Async/>
                    <Route path=path!("/resources") view=areas::RESOURCES ssr=SsrMode::Async/>
                    <Route path=path!("/resources/view") view=areas::RESOURCE ssr=SsrMode::Async/>
                    <Route path=path!("/timeline") view=areas::TIMELINE ssr=SsrMode::Async/>
                    <Route path=path!("/plans") view=areas::PLANS ssr=SsrMode::Async/>
                    <Route path=path!("/plans/view") view=areas::PLAN ssr=SsrMode::Async/>
                    <Route path=path!("/plans/edit") view=areas::PLAN_EDIT ssr=SsrMode::Async/>
                    <Route path=path!("/plans/import") view=areas::PLAN_IMPORT ssr=SsrMode::Async/>
                    <Route path=path!("/plans/export") view=areas::PLAN_EXPORT ssr=SsrMode::Async/>
                    <Route path=path!("/plans/future") view=areas::PLAN_FUTURE ssr=SsrMode::Async/>
                    <Route path=path!("/plans/delete") view=areas::PLAN_DELETE ssr=SsrMode::Async/>
                    <Route path=path!("/plans/run") view=areas::PLAN_RUN ssr=SsrMode::Async/>
                    <Route path=path!("/plans/rollout") view=areas::PLAN_ROLLOUT ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view=areas::JOBS ssr=SsrMode::Async/>
                    <Route path=path!("/sets") view=areas::SETS ssr=SsrMode::Async/>
                    <Route path=path!("/sets/new") view=areas::SET_EDIT ssr=SsrMode::Async/>
                    <Route path=path!("/sets/one") view=areas::SET ssr=SsrMode::Async/>
                    <Route path=path!("/sets/restore") view=areas::SET_RESTORE ssr=SsrMode::Async/>
                    <Route path=path!("/vaults") view=areas::VAULTS ssr=SsrMode::Async/>
                    <Route path=path!("/vaults/view") view=areas::VAULT ssr=SsrMode::Async/>
                    <Route path=path!("/vaults/change") view=areas::VAULT_CHANGE ssr=SsrMode::Async/>
                    <Route path=path!("/holds") view=areas::HOLDS ssr=SsrMode::Async/>
                    <Route path=path!("/holds/change") view=areas::HOLD_CHANGE ssr=SsrMode::Async/>
                    <Route path=path!("/buckets") view=areas::BUCKETS ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/one") view=areas::BUCKET ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/fix") view=areas::BUCKET_FIX ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/browse") view=areas::BUCKET_BROWSE ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/blocks") view=areas::BUCKET_BLOCKS ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/copy") view=areas::BUCKET_COPY ssr=SsrMode::Async/>
                    <Route path=path!("/points") view=areas::POINTS ssr=SsrMode::Async/>
                    <Route path=path!("/points/view") view=areas::POINT ssr=SsrMode::Async/>
                    <Route path=path!("/points/change") view=areas::CHANGE ssr=SsrMode::Async/>
                    <Route path=path!("/points/copy") view=areas::COPY_POINTS ssr=SsrMode::Async/>
                    <Route path=path!("/records") view=areas::CAPTURES ssr=SsrMode::Async/>
                    <Route path=path!("/records/view") view=areas::CAPTURE ssr=SsrMode::Async/>
                    <Route path=path!("/records/setup") view=areas::SETUP ssr=SsrMode::Async/>
                    <Route path=path!("/records/record") view=areas::RECORD ssr=SsrMode::Async/>
                    <Route path=path!("/records/compare") view=areas::COMPARE ssr=SsrMode::Async/>
                    <Route path=path!("/records/undo") view=areas::UNDO ssr=SsrMode::Async/>
                    <Route path=path!("/buckets/access") view=areas::BUCKET_ACCESS ssr=SsrMode::Async/>
                    <Route path=path!("/backup") view=areas::BACKUP ssr=SsrMode::Async/>
                    <Route path=path!("/restore") view=areas::RESTORE ssr=SsrMode::Async/>
                    <Route path=path!("/runs") view=areas::RUNS ssr=SsrMode::Async/>
                    <Route path=path!("/runs/:id") view=areas::RUN ssr=SsrMode::Async/>
                    <Route path=path!("/coverage") view=areas::COVERAGE ssr=SsrMode::Async/>
                    <Route path=path!("/coverage/controls") view=areas::CONTROLS ssr=SsrMode::Async/>
                    <Route path=path!("/cost") view=areas::COST ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=areas::AUDIT ssr=SsrMode::Async/>
                    <Route path=path!("/users") view=areas::USERS ssr=SsrMode::Async/>
                    <Route path=path!("/users/view") view=areas::USER ssr=SsrMode::Async/>
                    <Route path=path!("/styleguide") view=areas::STYLEGUIDE ssr=SsrMode::Async/>
                </Routes>
            </Layout>
        </Router>
    }
}

/// The document's title. On the server `leptos_meta` writes it between its tags as it is, so names in it
/// are escaped here; in the browser it is set as text, and is its own text.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that leptos_meta asks for"
)]
fn document_title(page: String) -> String {
    let title = if page.is_empty() {
        "Tidemark".to_owned()
    } else {
        format!("{page} · Tidemark")
    };
    if cfg!(feature = "ssr") {
        title
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        title
    }
}

/// What the page knows about its request.
pub(crate) fn use_session() -> Session {
    use_context::<Session>().unwrap_or_else(nobody)
}

fn nobody() -> Session {
    Session {
        me: None,
        now: jiff::Timestamp::UNIX_EPOCH,
        theme: session::Theme::System,
        demo: false,
    }
}

#[cfg(feature = "ssr")]
fn session_of_request() -> Session {
    ssr::session()
}

#[cfg(not(feature = "ssr"))]
fn session_of_request() -> Session {
    nobody()
}

#[cfg(feature = "ssr")]
fn outcome_of_request() -> Option<outcome::FormOutcome> {
    ssr::outcome()
}

#[cfg(not(feature = "ssr"))]
fn outcome_of_request() -> Option<outcome::FormOutcome> {
    None
}
