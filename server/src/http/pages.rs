//! What pages and server functions take from context.

use axum::http::request::Parts;
use leptos::prelude::use_context;
use tidemark_app::ssr::{self, Console, Visitor};
use tower_sessions::Session;

use super::{
    Web, csp,
    sessions::{HttpSession, Origin},
};

/// The closure that provides the contexts of a request.
pub(crate) fn contexts(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let web = web.clone();
    move || {
        let console = Console {
            services: web.services.clone(),
            account: web.account.clone(),
            demo: web.demo,
            areas: web.areas.clone(),
            secure: web.settings.secure,
        };
        let parts = use_context::<Parts>();
        let extensions = parts.as_ref().map(|parts| &parts.extensions);
        let visitor = extensions.and_then(|e| e.get::<Visitor>().cloned());
        let origin = extensions
            .and_then(|e| e.get::<Origin>())
            .map_or_else(|| "page".to_owned(), |origin| origin.0.clone());
        // Routes are listed without a request and so without a session.
        if let Some(session) = extensions.and_then(|e| e.get::<Session>()) {
            let port = HttpSession::port(session.clone(), origin, web.clone());
            ssr::provide(console, visitor, port);
        }
        csp::apply();
    }
}
