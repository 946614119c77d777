//! `GET /metrics`, for Prometheus.

use axum::{
    extract::{Extension, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{ClientAddress, Problem, Web, gauges::gather};

const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers programs on this machine, and elsewhere those that hold the token.
pub(crate) async fn metrics(
    State(web): State<Web>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
) -> Response {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let has_token = match (&web.settings.metrics_token, given) {
        (Some(token), Some(given)) => same(token.as_bytes(), given.as_bytes()),
        _ => false,
    };
    if !address.is_loopback() && !has_token {
        return Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Not allowed",
            "Metrics are for this machine, or for whoever holds the metrics token.",
        )
        .into_response();
    }
    match &web.metrics {
        Some(handle) => {
            gather(&web).await;
            ([(header::CONTENT_TYPE, FORMAT)], handle.render()).into_response()
        }
        None => Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Not found",
            "This process collects no metrics.",
        )
        .into_response(),
    }
}

/// Compares in a time that does not tell where the texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

/// Begins to collect metrics for this process; none when something else collects them already. What was measured is put
/// together when metrics are asked for, and by `run_upkeep`, which somebody has to call now and then.
pub fn collect() -> Option<PrometheusHandle> {
    let builder =
        PrometheusBuilder::new().set_buckets(&[0.001, 0.005, 0.02, 0.05, 0.2, 1.0, 5.0, 30.0]);
    match builder.and_then(PrometheusBuilder::install_recorder) {
        Ok(handle) => Some(handle),
        Err(error) => {
            tracing::debug!(%error, "Metrics are not collected");
            None
        }
    }
}
