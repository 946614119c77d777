use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, Method, Request, StatusCode, Uri,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION},
    request::Parts,
};
use leptos::{prelude::*, server_fn::error::FromServerFnError};
use leptos_axum::ResponseOptions;

use crate::{
    error::{AppError, ErrorKind},
    outcome::FormOutcome,
    query::{Query, pairs},
    shell::shell,
};

/// Forms are small; the server's own limit lies below or at this.
const LARGEST_FORM: usize = 1 << 20;

/// The field by which a form names its page.
const PAGE_FIELD: &str = "page";

const REDIRECT_HEADER: &str = "serverfnredirect";

/// Answers a call of a server function, whether a hydrated page or a plain form makes it.
///
/// Mount it for `POST /api/{*name}`. A hydrated page gets the value or the error as JSON. A plain form
/// gets a redirect, or its page again, with the result on it and the status that goes with it.
pub async fn handle_server_fn(
    context: impl Fn() + Clone + Send + Sync + 'static,
    options: LeptosOptions,
    request: Request<Body>,
) -> Response {
    if !wants_html(&request) {
        return leptos_axum::handle_server_fns_with_context(context, request)
            .await
            .into_response();
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fields = pairs(&String::from_utf8_lossy(&body));
    let posted = parts.uri.path().to_owned();
    // The answer as a program gets it is the easier one to read.
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let call = Request::from_parts(parts.clone(), Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(context.clone(), call)
        .await
        .into_response();
    if answer.headers().contains_key(REDIRECT_HEADER) {
        return see_other(answer);
    }
    let Some(page) = page_of(&fields) else {
        return answer;
    };
    let status = answer.status();
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let result = if status.is_success() {
        Ok(String::from_utf8_lossy(&body).into_owned())
    } else {
        Err(AppError::de(body))
    };
    let on_sign_in = page.starts_with("/sign-in");
    if !on_sign_in && matches!(&result, Err(e) if e.kind == ErrorKind::Unauthenticated) {
        return redirect_to(&sign_in_path(&page));
    }
    let outcome = FormOutcome {
        path: posted,
        fields: without_secrets(fields),
        result,
        page,
    };
    let mut shown = render(context, options, parts, outcome).await;
    if shown.status() == StatusCode::OK {
        *shown.status_mut() = status;
    }
    // What the form set, such as a session's cookie, goes along.
    for (name, value) in &head.headers {
        if name == http::header::SET_COOKIE {
            shown.headers_mut().append(name, value.clone());
        }
    }
    shown
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    shown
}

/// Makes the page that holds the form, as a `GET` of it would, with the outcome beside.
async fn render(
    context: impl Fn() + Clone + Send + Sync + 'static,
    options: LeptosOptions,
    mut parts: Parts,
    outcome: FormOutcome,
) -> Response {
    let Ok(uri) = outcome.page.parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    parts.method = Method::GET;
    parts.uri = uri;
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("text/html"));
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    parts.extensions.insert(outcome);
    let handler =
        leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    handler(Request::from_parts(parts, Body::empty())).await
}

/// The outcome that came with this request, if any.
pub(crate) fn outcome() -> Option<FormOutcome> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormOutcome>().cloned())
}

/// Sends the person on after a form that did what it should.
pub(crate) fn redirect(path: &str) {
    leptos_axum::redirect(path);
}

/// The path, if it is one of this console; else the overview.
pub(crate) fn local_or_home(path: &str) -> &str {
    if is_local(path) { path } else { "/" }
}

/// Sends the visitor of a page elsewhere, while the page is being made.
pub(crate) fn see_page(path: &str) {
    if let (Some(response), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path),
    ) {
        response.insert_header(LOCATION, location);
        response.set_status(StatusCode::FOUND);
    }
}

/// The way to the sign-in page and back.
pub(crate) fn sign_in_path(page: &str) -> String {
    let mut query = Query::default();
    if page != "/" {
        query.push("next", page);
    }
    query.on("/sign-in")
}

fn wants_html(request: &Request<Body>) -> bool {
    request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn see_other(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::SEE_OTHER;
    answer.headers_mut().remove(REDIRECT_HEADER);
    answer.headers_mut().remove(CONTENT_LENGTH);
    *answer.body_mut() = Body::empty();
    answer
}

fn redirect_to(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Only paths of this console: a form cannot send its reader elsewhere.
fn page_of(fields: &[(String, String)]) -> Option<String> {
    let (_, page) = fields.iter().find(|(name, _)| name == PAGE_FIELD)?;
    is_local(page).then(|| page.clone())
}

/// Whether the text is a path of this console, and not the beginning of another site's address.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|b| b.is_ascii_graphic())
}

fn without_secrets(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    fields
        .into_iter()
        .filter(|(name, _)| !name.contains("password"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_console_are_gone_back_to() {
        for path in ["/", "/restore?arn=arn%3Aaws&step=when", "/runs/1"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a b",
            "/a\r\nSet-Cookie: x",
        ] {
            assert!(!is_local(path), "{path}");
        }
    }

    #[test]
    fn fields_are_read_and_passwords_forgotten() {
        let fields = pairs("name=Anna+M%C3%BCller&password=x&new_password=y&page=%2F");
        assert_eq!(page_of(&fields).as_deref(), Some("/"));
        assert_eq!(
            without_secrets(fields),
            [
                ("name".to_owned(), "Anna Müller".to_owned()),
                ("page".to_owned(), "/".to_owned())
            ]
        );
    }

    #[test]
    fn sign_in_remembers_the_page() {
        assert_eq!(sign_in_path("/"), "/sign-in");
        assert_eq!(
            sign_in_path("/runs?state=failed"),
            "/sign-in?next=%2Fruns%3Fstate%3Dfailed"
        );
    }
}
