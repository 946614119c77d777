//! The names of spans and metrics, in one place.

/// Span of one HTTP request.
pub const REQUEST_SPAN: &str = "request";
/// Counter: requests answered, by method, route and status.
pub const REQUESTS: &str = "tidemark_http_requests_total";
/// Histogram: seconds until a request's answer begins.
pub const REQUEST_SECONDS: &str = "tidemark_http_request_seconds";
/// Gauge: open event streams.
pub const OPEN_STREAMS: &str = "tidemark_event_streams_open";
/// Counter: panics that pages reported from browsers.
pub const BROWSER_PANICS: &str = "tidemark_browser_panics_total";
/// Counter: requests refused before any use case, by reason.
pub const REFUSED: &str = "tidemark_http_refused_total";
