//! Cross-site requests that would change something are refused.
//!
//! Browsers name the site that a request comes from in `Sec-Fetch-Site` and `Origin`; pages cannot
//! forge either. A request with neither comes from a program, which has no cookies of a person.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Web, problem::Problem};
use crate::names;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses what another site sent.
pub(crate) async fn refuse_cross_site(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let harmless = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if harmless || is_same_site(request.headers(), &web.settings.origin) {
        return next.run(request).await;
    }
    metrics::counter!(names::REFUSED, "reason" => "cross_site").increment(1);
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "Refused: the request comes from another site",
        "A page of another site sent this request, so it was refused and nothing was changed.",
    )
    .with_guidance(
        "Open the console itself and try there. If you did, its public URL is not configured as \
         the address that you use (public_url).",
    )
    .into_response()
}

fn is_same_site(headers: &HeaderMap, own: &str) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("invalid"))
    };
    let site_fits = text(SEC_FETCH_SITE).is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_fits =
        text(header::ORIGIN.as_str()).is_none_or(|origin| origin.eq_ignore_ascii_case(own));
    site_fits && origin_fits
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const OWN: &str = "https://backups.example.com";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<Vec<(axum::http::HeaderName, axum::http::HeaderValue)>>()
            .into_iter()
            .collect()
    }

    #[test]
    fn the_consoles_own_pages_and_programs_may_post() {
        for pairs in [
            &[("origin", OWN), ("sec-fetch-site", "same-origin")][..],
            &[("origin", OWN)],
            &[],
        ] {
            assert!(is_same_site(&headers(pairs), OWN), "{pairs:?}");
        }
    }

    #[test]
    fn other_sites_may_not() {
        for pairs in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://x.example.com"),
            ],
            &[("origin", "http://backups.example.com")],
            &[("origin", OWN), ("sec-fetch-site", "cross-site")],
        ] {
            assert!(!is_same_site(&headers(pairs), OWN), "{pairs:?}");
        }
    }
}
