use serde::Serialize;
use tidemark_domain::runs::{RunId, RunLabels};
use tidemark_runs::{EngineError, RunRequest};

use super::repeat::keys;
use crate::{
    Caller, Guard, ServiceError, Services, audit::AuditOutcome, authorize::entry, ports::RunStarted,
};

/// A run to begin on behalf of a caller, with what the audit log says of it.
pub(crate) struct Start<P> {
    /// The kind.
    pub(crate) kind: &'static str,
    /// What it is to do.
    pub(crate) params: P,
    /// Where.
    pub(crate) labels: RunLabels,
    /// Why, in the person's words.
    pub(crate) reason: String,
    /// What only one unfinished run may work on at a time, as stable texts.
    pub(crate) targets: Vec<String>,
    /// The action in the audit log.
    pub(crate) action: &'static str,
    /// What it is done to.
    pub(crate) subject: String,
    /// Digest of the plan that was shown; a repeat has the same.
    pub(crate) digest: Option<String>,
    /// What it does, in a sentence.
    pub(crate) detail: String,
}

/// Begins a run: the one way for every kind. Run and audit entry are written in one transaction; a
/// repeat of a wish that is being fulfilled, or was a moment ago, is answered with its run, and one
/// target has one unfinished run.
pub(crate) async fn start<P: Serialize>(
    services: &Services,
    caller: &Caller,
    start: Start<P>,
) -> Result<RunId, ServiceError> {
    let params =
        serde_json::to_value(start.params).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    let keys = keys(
        services,
        caller,
        start.kind,
        start.digest.as_deref(),
        &params.to_string(),
        start.targets,
    );
    Guard::check_reason(&start.reason)?;
    // A repeat is no further run, and never refused for there being many.
    if let Some(run) = services.starts.repeated(&keys).await? {
        return Ok(run);
    }
    Guard::admit_run(services, caller, start.labels.account.as_deref()).await?;
    let new = services
        .runs
        .prepare(RunRequest {
            reason: start.reason.clone(),
            labels: start.labels,
            ..RunRequest::new(start.kind, params, caller.name.clone())
        })
        .map_err(engine_error)?;
    let detail = if start.reason.is_empty() {
        start.detail
    } else {
        format!("{} Reason: {}", start.detail, start.reason)
    };
    let entry = entry(
        services,
        caller,
        start.action,
        &start.subject,
        AuditOutcome::Allowed,
        start.digest,
        Some(detail),
    );
    match services.starts.start(&new, &keys, &entry).await? {
        RunStarted::New(run) => {
            services.runs.announce(&new);
            Ok(run.id)
        }
        RunStarted::Repeat(run) => Ok(run),
        RunStarted::Taken { run, .. } => Err(ServiceError::Conflict(format!(
            "run {run} is at work on the same target and has not ended; wait for it, or cancel it"
        ))),
    }
}

/// A refusal of the engine, for a use case.
pub(crate) fn engine_error(error: EngineError) -> ServiceError {
    match error {
        EngineError::NotFound(id) => ServiceError::NotFound(format!("run {id}")),
        error @ (EngineError::WrongState { .. } | EngineError::KeyReused(_)) => {
            ServiceError::Conflict(error.to_string())
        }
        EngineError::Store(error) => super::store_error(error),
        error => ServiceError::Internal(Box::new(error)),
    }
}
