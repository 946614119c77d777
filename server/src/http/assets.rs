//! The built site: hashed scripts and styles, and what lies beside them.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use leptos::config::LeptosOptions;
use tower_http::services::{ServeDir, ServeFile};

use super::Web;

/// A year: the name changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const AN_HOUR: &str = "public, max-age=3600";
const ASK_AGAIN: &str = "no-cache";

/// Routes to every file of the site. Only what was there at the start is served, so nothing else in
/// the folder can leak.
pub(crate) fn routes(options: &LeptosOptions) -> Router<Web> {
    let root = PathBuf::from(options.site_root.as_ref());
    let pkg = options.site_pkg_dir.trim_matches('/');
    let scripts = ServeDir::new(root.join(pkg))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let kept = if options.hash_files {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let scripts = Router::new()
        .nest_service(&format!("/{pkg}"), scripts)
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            keep(kept, request, next)
        }));
    let mut files = Router::new();
    for name in names(&root, pkg) {
        let file = ServeFile::new(root.join(&name))
            .precompressed_br()
            .precompressed_gzip();
        files = files.route_service(&format!("/{name}"), file);
    }
    let files = files.layer(middleware::from_fn(|request: Request, next: Next| {
        keep(AN_HOUR, request, next)
    }));
    scripts.merge(files)
}

async fn keep(how: &'static str, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if matches!(
        response.status(),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
    ) {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(how));
    }
    response
}

/// The files at the top of the site: icons and the like, without what describes the build.
fn names(root: &Path, pkg: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            let is_copy = Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "br" || extension == "gz");
            let fits_route = !name.contains(['{', '}']);
            name != pkg && name != "hash.txt" && !name.starts_with('.') && !is_copy && fits_route
        })
        .collect();
    names.sort();
    names
}
