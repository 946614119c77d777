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

mod clock;
mod components;
mod layout;
mod pages;
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
    clock::PageClock,
    layout::Layout,
    outcome::Outcome,
    pages::{
        accounts::{AccountPage, AccountsPage, NewAccountPage},
        audit::AuditPage,
        backup::BackupPage,
        cost::CostPage,
        coverage::{ControlsPage, CoveragePage},
        not_found::NotFoundPage,
        overview::OverviewPage,
        plans::{
            PlanDeletePage, PlanEditPage, PlanExportPage, PlanImportPage, PlanPage,
            PlanRolloutPage, PlanRunPage, PlansPage,
        },
        points::{ChangePage, PointPage, PointsPage},
        records::{CapturePage, CapturesPage, ComparePage, RecordPage, SetupPage, UndoPage},
        resources::{ResourcePage, ResourcesPage},
        restore::RestorePage,
        runs::{RunPage, RunsPage},
        sign_in::{PasswordPage, SignInPage},
        styleguide::StyleguidePage,
        timeline::TimelinePage,
        vaults::{VaultPage, VaultsPage},
    },
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
    view! {
        <Title formatter=|page: String| {
            if page.is_empty() { "Tidemark".to_owned() } else { format!("{page} · Tidemark") }
        }/>
        <Router>
            <Layout>
                <Routes fallback=|| view! { <NotFoundPage/> }>
                    <Route path=path!("/") view=OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/password") view=PasswordPage ssr=SsrMode::Async/>
                    <Route path=path!("/accounts") view=AccountsPage ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/new") view=NewAccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/accounts/:account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/resources") view=ResourcesPage ssr=SsrMode::Async/>
                    <Route path=path!("/resources/view") view=ResourcePage ssr=SsrMode::Async/>
                    <Route path=path!("/timeline") view=TimelinePage ssr=SsrMode::Async/>
                    <Route path=path!("/plans") view=PlansPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/view") view=PlanPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/edit") view=PlanEditPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/import") view=PlanImportPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/export") view=PlanExportPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/delete") view=PlanDeletePage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/run") view=PlanRunPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/rollout") view=PlanRolloutPage ssr=SsrMode::Async/>
                    <Route path=path!("/vaults") view=VaultsPage ssr=SsrMode::Async/>
                    <Route path=path!("/vaults/view") view=VaultPage ssr=SsrMode::Async/>
                    <Route path=path!("/points") view=PointsPage ssr=SsrMode::Async/>
                    <Route path=path!("/points/view") view=PointPage ssr=SsrMode::Async/>
                    <Route path=path!("/points/change") view=ChangePage ssr=SsrMode::Async/>
                    <Route path=path!("/records") view=CapturesPage ssr=SsrMode::Async/>
                    <Route path=path!("/records/view") view=CapturePage ssr=SsrMode::Async/>
                    <Route path=path!("/records/setup") view=SetupPage ssr=SsrMode::Async/>
                    <Route path=path!("/records/record") view=RecordPage ssr=SsrMode::Async/>
                    <Route path=path!("/records/compare") view=ComparePage ssr=SsrMode::Async/>
                    <Route path=path!("/records/undo") view=UndoPage ssr=SsrMode::Async/>
                    <Route path=path!("/backup") view=BackupPage ssr=SsrMode::Async/>
                    <Route path=path!("/restore") view=RestorePage ssr=SsrMode::Async/>
                    <Route path=path!("/runs") view=RunsPage ssr=SsrMode::Async/>
                    <Route path=path!("/runs/:id") view=RunPage ssr=SsrMode::Async/>
                    <Route path=path!("/coverage") view=CoveragePage ssr=SsrMode::Async/>
                    <Route path=path!("/coverage/controls") view=ControlsPage ssr=SsrMode::Async/>
                    <Route path=path!("/cost") view=CostPage ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async/>
                    <Route path=path!("/styleguide") view=StyleguidePage ssr=SsrMode::Async/>
                </Routes>
            </Layout>
        </Router>
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
