use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tidemark_app::ssr::Visitor;
use tidemark_services::session::caller_of;
use tower_sessions::{Session, session, session_store};

use super::SignedIn;
use crate::http::{ClientAddress, Problem, Web};

/// `page` or `api`, and the peer's address, as the audit log keeps them; among the request's
/// extensions.
#[derive(Clone, Debug)]
pub(crate) struct Origin(pub(crate) String);

/// Looks up whom the session belongs to, on every request: a changed password, role or a removed
/// user ends it at once.
pub(crate) async fn identify(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let Some(session) = request.extensions().get::<Session>().cloned() else {
        return next.run(request).await;
    };
    let origin = origin(&request);
    request.extensions_mut().insert(Origin(origin.clone()));
    match visitor(&web, &session, origin).await {
        Ok(Some((signed_in, visitor))) => {
            request.extensions_mut().insert(signed_in);
            request.extensions_mut().insert(visitor);
        }
        Ok(None) => {}
        Err(problem) => return problem.into_response(),
    }
    next.run(request).await
}

async fn visitor(
    web: &Web,
    session: &Session,
    origin: String,
) -> Result<Option<(SignedIn, Visitor)>, Problem> {
    let now = web.services.clock.now();
    let Some(signed_in) = SignedIn::load(session, &web.settings, now)
        .await
        .map_err(failed)?
    else {
        return Ok(None);
    };
    let found = caller_of(&web.services, signed_in.user_id, signed_in.stamp, origin).await?;
    let Some((caller, me)) = found else {
        session.flush().await.map_err(failed)?;
        return Ok(None);
    };
    signed_in
        .touch(session, &web.settings, now)
        .await
        .map_err(failed)?;
    Ok(Some((signed_in, Visitor { caller, me })))
}

/// The session's store is the console's database.
fn failed(error: session::Error) -> Problem {
    match error {
        session::Error::Store(session_store::Error::Backend(why)) => {
            Problem::unavailable(&why, "a session could not be looked up or kept")
        }
        error => Problem::internal(&error),
    }
}

fn origin(request: &Request) -> String {
    let entry = if request.uri().path().starts_with("/api/v1/") {
        "api"
    } else {
        "page"
    };
    match request.extensions().get::<ClientAddress>() {
        Some(ClientAddress(address)) => format!("{entry} {address}"),
        None => entry.to_owned(),
    }
}
