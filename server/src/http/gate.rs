//! Nobody gets past without a session but to what is public: deny by default, before any page or
//! server function runs. What a person may do is settled in the use cases.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::server_fn::error::FromServerFnError as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidemark_app::{
    error::{AppError, ErrorKind},
    ssr::Visitor,
};

use super::{
    Web,
    endpoints::{self, Access},
    problem::{Problem, accepts_html},
};

/// The header by which a server function's client knows that the body is its error.
static SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

/// Refuses the anonymous, and sends those with a first password to change it.
pub(crate) async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or_else(
        || request.uri().path().to_owned(),
        |path| path.as_str().to_owned(),
    );
    let access = endpoints::access(request.method(), &path);
    let visitor = request.extensions().get::<Visitor>();
    match (access, visitor) {
        (Access::Public, _) | (Access::OwnPassword, Some(_)) => next.run(request).await,
        (_, None) => refuse_anonymous(&web, &request),
        (_, Some(visitor)) if visitor.me.must_change_password => refuse_first_password(&request),
        (_, Some(_)) => next.run(request).await,
    }
}

fn refuse_anonymous(web: &Web, request: &Request) -> Response {
    let path = request.uri().path();
    if is_page(request) {
        let page = request.uri().path_and_query().map_or("/", |p| p.as_str());
        Redirect::to(&sign_in(page)).into_response()
    } else if is_form(request) {
        Redirect::to(&sign_in(&form_page(web, request))).into_response()
    } else if endpoints::is_server_function(path) {
        server_function_refusal(path)
    } else {
        Problem::unauthenticated().into_response()
    }
}

/// The error in the form that the page's own code reads.
fn server_function_refusal(path: &str) -> Response {
    let error = AppError::new(
        ErrorKind::Unauthenticated,
        "Nobody is signed in, or the session has ended.",
    )
    .with_guidance("Sign in again; the page keeps its place.");
    let mut response = (
        StatusCode::UNAUTHORIZED,
        [(header::CONTENT_TYPE, "application/json")],
        error.ser(),
    )
        .into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(SERVER_FN_ERROR.clone(), path);
    }
    response
}

/// The page that a form was posted from, when the browser tells and it is ours.
fn form_page(web: &Web, request: &Request) -> String {
    request
        .headers()
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|referer| referer.strip_prefix(web.settings.origin.as_str()))
        .filter(|path| path.starts_with('/'))
        .unwrap_or("/")
        .to_owned()
}

fn sign_in(page: &str) -> String {
    if page == "/" {
        return "/sign-in".to_owned();
    }
    format!(
        "/sign-in?next={}",
        utf8_percent_encode(page, NON_ALPHANUMERIC)
    )
}

fn refuse_first_password(request: &Request) -> Response {
    if is_page(request) || is_form(request) {
        return Redirect::to("/password").into_response();
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "password_change_required",
        "Change your password first",
        "The first password was given to you and must be changed before anything else.",
    )
    .with_guidance("Open /password and choose your own.")
    .into_response()
}

fn is_page(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && is_form(request)
}

/// Posted by a browser from a page without JavaScript, or a page itself.
fn is_form(request: &Request) -> bool {
    accepts_html(request.headers()) && !request.uri().path().starts_with("/api/v1/")
}
