use std::sync::Arc;

use async_trait::async_trait;
use http::{
    HeaderValue,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tidemark_domain::{AccountId, Me};
use tidemark_services::{Caller, Services, ports::User};

use crate::{
    error::{AppError, ErrorKind},
    session::{Session, Theme},
};

/// The console as the server functions see it. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    /// The use cases.
    pub services: Arc<Services>,
    /// The console's own AWS account: the one that target roles trust.
    pub account: AccountId,
    /// The console runs against the sandbox with its well-known users.
    pub demo: bool,
    /// The files of each area's code.
    pub areas: super::AreaFiles,
    /// The console is reached over https: its cookies are Secure.
    pub secure: bool,
}

/// Who sent the request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// As the use cases know them.
    pub caller: Caller,
    /// As the pages show them.
    pub me: Me,
}

/// The session of a request. The server implements it; the sign-in forms use it.
#[async_trait]
pub trait SessionPort: Send + Sync {
    /// Begins a session for the user, under a new id.
    async fn sign_in(&self, user: &User) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Ends the session.
    async fn sign_out(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Where the request comes from, for the audit log: `page` and the peer's address.
    fn origin(&self) -> String;
}

/// Provides everything that pages and server functions take from context. Call it in the context
/// closure of `leptos_routes_with_context` and of [`super::handle_server_fn`] alike.
pub fn provide(console: Console, visitor: Option<Visitor>, session: Arc<dyn SessionPort>) {
    provide_context(console);
    provide_context(visitor);
    provide_context(session);
}

/// The console of this request.
pub(crate) fn console() -> Result<Console, AppError> {
    use_context::<Console>().ok_or_else(|| {
        tracing::error!("A page was served without its context.");
        super::refused(ErrorKind::Internal, "The console is not wired up.")
    })
}

/// Who sent this request, if they are signed in.
pub(crate) fn visitor() -> Option<Visitor> {
    use_context::<Option<Visitor>>().flatten()
}

/// Whether a request is being answered; not so while the routes are listed, which has a made-up
/// request but no console.
pub(crate) fn has_request() -> bool {
    use_context::<Console>().is_some()
}

/// Path and query of the page that is being made.
pub(crate) fn page_asked_for() -> String {
    use_context::<Parts>()
        .and_then(|parts| Some(parts.uri.path_and_query()?.to_string()))
        .unwrap_or_else(|| "/".to_owned())
}

/// The session of this request.
pub(crate) fn session_port() -> Result<Arc<dyn SessionPort>, AppError> {
    use_context::<Arc<dyn SessionPort>>().ok_or_else(|| {
        tracing::error!("A request was served without a session.");
        super::refused(ErrorKind::Internal, "The console is not wired up.")
    })
}

/// What is said to who is not signed in.
pub(crate) fn nobody() -> AppError {
    super::refused(
        ErrorKind::Unauthenticated,
        "Nobody is signed in, or the session has ended.",
    )
}

/// Keeps the choice of colours in a cookie for a year.
pub(crate) fn keep_theme(theme: Theme) {
    let secure = use_context::<Console>().is_some_and(|console| console.secure);
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{}",
        Theme::COOKIE,
        theme.as_str(),
        if secure { "; Secure" } else { "" }
    );
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) {
        response.append_header(SET_COOKIE, value);
    }
}

/// The caller of this request. Whoever must change the password first can do nothing else.
fn caller() -> Result<Caller, AppError> {
    match visitor() {
        None => Err(nobody()),
        Some(visitor) if visitor.me.must_change_password => Err(super::refused(
            ErrorKind::Forbidden,
            "The first password must be changed before anything else.",
        )
        .with_guidance("Open /password and choose a new one.")),
        Some(visitor) => Ok(visitor.caller),
    }
}

/// Both.
pub(crate) fn console_and_caller() -> Result<(Console, Caller), AppError> {
    let caller = caller()?;
    Ok((console()?, caller))
}

/// What the page knows about its request.
pub(crate) fn session() -> Session {
    let console = use_context::<Console>();
    let cookies = use_context::<Parts>()
        .and_then(|parts| Some(parts.headers.get(COOKIE)?.to_str().ok()?.to_owned()))
        .unwrap_or_default();
    Session {
        me: visitor().map(|v| v.me),
        now: console
            .as_ref()
            .map_or(jiff::Timestamp::UNIX_EPOCH, |c| c.services.clock.now()),
        theme: Theme::from_cookies(&cookies),
        demo: console.is_some_and(|c| c.demo),
    }
}
