use jiff::SignedDuration;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tidemark_domain::runs::{RunId, RunLabels};
use tidemark_runs::{EngineError, RunRequest};

use crate::{
    Caller, Guard, ServiceError, Services,
    audit::AuditOutcome,
    authorize::entry,
    ports::{RunKeys, RunStarted},
};

/// For how long the same wish of the same person is taken for the same, although it has been
/// fulfilled: a form that is sent twice, or a script that does not trust the first answer.
const REPEATED: SignedDuration = SignedDuration::from_mins(1);

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
    let what = match &start.digest {
        Some(digest) => digest.clone(),
        None => params.to_string(),
    };
    let now = services.clock.now();
    let keys = RunKeys {
        repeat: repeat_key(start.kind, &caller.name, &what),
        // Only what was shown can be the same after it has ended.
        repeat_since: match start.digest {
            Some(_) => now.checked_sub(REPEATED).unwrap_or(now),
            None => now,
        },
        targets: start.targets,
    };
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

/// The same for every repeat of a wish: never for two people, nor for two kinds.
fn repeat_key(kind: &str, creator: &str, what: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind, creator, what] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("repeat:{}", hex::encode(hash.finalize()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_told_from_others_by_kind_person_and_plan() {
        let keys = [
            repeat_key("restore", "ana", "digest"),
            repeat_key("backup", "ana", "digest"),
            repeat_key("restore", "ben", "digest"),
            repeat_key("restore", "ana", "other"),
            repeat_key("restor", "eana", "digest"),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(n));
        }
        assert_eq!(keys[0], repeat_key("restore", "ana", "digest"));
    }
}
