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
/// Gauge: runs, by state.
pub const RUNS: &str = "tidemark_runs";
/// Gauge: seconds since an account and Region was last read whole.
pub const SCOPE_AGE: &str = "tidemark_scope_age_seconds";
/// Gauge: seconds between now and the last change that a record-level backup has stored.
pub const CAPTURE_BEHIND: &str = "tidemark_capture_behind_seconds";
/// Gauge: 1 when the gauges above were read from the database for this answer.
pub const GAUGES_KNOWN: &str = "tidemark_gauges_known";
