use serde_json::Value;
use tidemark_domain::runs::{RunId, RunLabels, RunState};
use tidemark_runs::{EngineError, RunFilter, RunQuery, RunRequest};

use crate::{Caller, Guard, ServiceError, Services};

/// A run to ask for on behalf of a caller.
pub(crate) struct Enqueue {
    pub(crate) kind: &'static str,
    pub(crate) params: Value,
    pub(crate) labels: RunLabels,
    pub(crate) reason: String,
}

/// Asks the engine for a run. A form sent twice gives one run: an unfinished run of the same caller
/// with the same parameters is answered instead of a second one.
pub(crate) async fn enqueue(
    services: &Services,
    caller: &Caller,
    run: Enqueue,
) -> Result<RunId, ServiceError> {
    let page = services
        .runs
        .store()
        .list(&RunQuery {
            filter: RunFilter {
                states: RunState::ALL
                    .into_iter()
                    .filter(|s| !s.is_terminal())
                    .collect(),
                kinds: vec![run.kind.to_owned()],
                creators: vec![caller.name.clone()],
                resources: run.labels.resource.iter().cloned().collect(),
                ..RunFilter::default()
            },
            before: None,
            limit: 100,
        })
        .await
        .map_err(super::store_error)?;
    if let Some(same) = page.runs.iter().find(|other| other.params == run.params) {
        return Ok(same.id);
    }
    Guard::admit_run(services, caller, run.labels.account.as_deref()).await?;
    let enqueued = services
        .runs
        .enqueue(RunRequest {
            reason: run.reason,
            labels: run.labels,
            ..RunRequest::new(run.kind, run.params, caller.name.clone())
        })
        .await
        .map_err(engine_error)?;
    Ok(enqueued.run.id)
}

/// A refusal of the engine, for a use case.
pub(crate) fn engine_error(error: EngineError) -> ServiceError {
    match error {
        EngineError::NotFound(id) => ServiceError::NotFound(format!("run {id}")),
        error @ (EngineError::WrongState { .. } | EngineError::KeyReused(_)) => {
            ServiceError::Conflict(error.to_string())
        }
        error => ServiceError::Internal(Box::new(error)),
    }
}
