//! Doing again what has ended.

use tidemark_domain::runs::RunId;

use super::{Engine, EngineError, Enqueued, RunRequest};

impl Engine {
    /// Asks for a new run with the parameters of one that failed or was cancelled.
    pub async fn retry(
        &self,
        id: RunId,
        creator: &str,
        reason: &str,
    ) -> Result<Enqueued, EngineError> {
        let run = self.run(id).await?;
        if !run.head.state.is_terminal() {
            return Err(EngineError::WrongState {
                run: id,
                state: run.head.state,
            });
        }
        let kind = self
            .inner
            .kinds
            .get(&run.kind)
            .ok_or_else(|| EngineError::UnknownKind(run.kind.clone()))?;
        let params = if run.params_version == kind.params_version() {
            run.params
        } else {
            kind.upgrade(run.params_version, run.params)?
        };
        self.enqueue(RunRequest {
            reason: reason.to_owned(),
            labels: run.labels,
            // Whoever presses the button twice gets one run; a further try of the new run has
            // another key.
            idempotency_key: Some(format!("retry of {id}")),
            ..RunRequest::new(run.kind, params, creator)
        })
        .await
    }
}
