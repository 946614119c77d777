use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, generate_route_list_with_exclusions,
    render_app_async_with_context,
};
use tidemark_app::{App, shell, ssr};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    Problem, Web, api, assets, client_address, csrf, events, gate, headers, health, limits,
    metrics::metrics, pages, panics, problem, rate_limit, records, request_id, sessions, timeline,
};

/// The whole console.
pub fn router(web: Web) -> Router {
    let console = console(&web)
        .layer(from_fn_with_state(web.clone(), gate::check))
        .layer(from_fn_with_state(web.clone(), sessions::identify))
        .layer(sessions::layer(web.sessions.clone(), &web.settings));
    let guards = ServiceBuilder::new()
        .layer(from_fn_with_state(web.clone(), client_address::find))
        .layer(from_fn_with_state(web.clone(), rate_limit::limit))
        .layer(from_fn_with_state(web.clone(), csrf::refuse_cross_site))
        .layer(from_fn_with_state(web.clone(), limits::body))
        .layer(from_fn_with_state(web.clone(), limits::time));
    let outside = ServiceBuilder::new()
        .layer(from_fn(request_id::assign))
        .layer(from_fn_with_state(web.clone(), headers::add))
        .layer(from_fn(problem::present))
        .layer(CatchPanicLayer::custom(panicked))
        // What other crates switch on in tower-http would have it choose an encoding that it cannot make, and send all
        // to browsers as it is.
        .layer(CompressionLayer::new().no_zstd().no_deflate());
    console
        .merge(assets::routes(&web.leptos))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics))
        .layer(from_fn(request_id::measure))
        .layer(guards)
        .layer(outside)
        .with_state(web)
}

/// What needs a session, and what is not found.
fn console(web: &Web) -> Router<Web> {
    let options = web.leptos.clone();
    let mut router = Router::new();
    for (path, method) in server_fn_paths() {
        if method == Method::POST {
            router = router.route(path, post(server_function));
        }
    }
    router
        .leptos_routes_with_context(web, page_routes(), pages::contexts(web), move || {
            shell(options.clone())
        })
        .route("/runs/{id}/events", get(events::stream))
        .route("/browser/panics", post(panics::report))
        .route("/records/record.json", get(records::version))
        .route("/timeline/export.csv", get(timeline::csv))
        .route("/timeline/export.svg", get(timeline::svg))
        .merge(api::routes())
        .fallback(not_found)
}

/// The pages, as the app's own route table has them. Server functions are left out: they are
/// mounted by themselves, so that plain forms get pages for answers.
pub fn page_routes() -> Vec<AxumRouteListing> {
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    generate_route_list_with_exclusions(App, Some(functions))
}

async fn server_function(State(web): State<Web>, request: Request) -> Response {
    ssr::handle_server_fn(pages::contexts(&web), web.leptos.clone(), request).await
}

/// The app's own page for what is not there.
async fn not_found(
    State(web): State<Web>,
    State(options): State<LeptosOptions>,
    request: Request<Body>,
) -> Response {
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && problem::accepts_html(request.headers());
    if !is_page {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Not found",
            "Nothing answers at this address.",
        )
        .into_response();
    }
    let render =
        render_app_async_with_context(pages::contexts(&web), move || shell(options.clone()));
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that tower-http asks for"
)]
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let why = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(&std::io::Error::other(format!("a handler panicked: {why}"))).into_response()
}
