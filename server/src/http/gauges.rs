//! What is asked of the database when somebody asks for the metrics: runs, how old what is known of each account is, and
//! how far record-level backups are behind.

use std::time::Duration;

use jiff::Timestamp;
use metrics::gauge;
use tidemark_domain::runs::RunState;
use tidemark_runs::RunFilter;
use tidemark_services::{ServiceError, Services, StoreError};

use super::Web;
use crate::names;

/// For how long the database is waited for. Without it the other metrics are still answered.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sets the gauges. Where they cannot be read they stay as they were, and the last of them says so.
pub(super) async fn gather(web: &Web) {
    let gathered = tokio::time::timeout(PATIENCE, read(&web.services)).await;
    let is_known = match gathered {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::debug!(%error, "The gauges could not be read from the database");
            false
        }
        Err(_) => false,
    };
    gauge!(names::GAUGES_KNOWN).set(if is_known { 1.0 } else { 0.0 });
}

async fn read(services: &Services) -> Result<(), ServiceError> {
    let counts = services.runs.store().counts(&RunFilter::default()).await;
    let counts = counts.map_err(|error| StoreError::Database(Box::new(error)))?;
    for state in RunState::ALL {
        gauge!(names::RUNS, "state" => state.as_str()).set(float(counts.of(state)));
    }
    let now = services.clock.now();
    for state in services.catalogue.scopes(None).await? {
        let scope = state.scope;
        let labels = [
            ("account", scope.account.to_string()),
            ("region", scope.region.to_string()),
        ];
        gauge!(names::SCOPE_AGE, &labels).set(age(state.last_success, now));
    }
    for stored in services.captures.list().await? {
        let labels = [
            ("account", stored.capture.account.to_string()),
            ("region", stored.capture.region.to_string()),
            ("table", stored.capture.table_name().to_owned()),
        ];
        gauge!(names::CAPTURE_BEHIND, &labels).set(age(stored.status.read_until, now));
    }
    Ok(())
}

/// Seconds since then; without end when it never was.
fn age(then: Option<Timestamp>, now: Timestamp) -> f64 {
    then.map_or(f64::INFINITY, |then| {
        now.duration_since(then).as_secs_f64().max(0.0)
    })
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn float(count: u64) -> f64 {
    count as f64
}
