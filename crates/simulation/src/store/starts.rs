use std::sync::Arc;

use async_trait::async_trait;
use tidemark_domain::runs::RunId;
use tidemark_runs::NewRun;
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{RunKeys, RunStarted, RunStarts},
};
use tidemark_testkit::FakeRunStarts;

use super::Line;

/// Where runs begin, over a line. New runs get ids that follow from the seed.
pub(crate) struct LinedStarts {
    line: Line,
    inner: Arc<FakeRunStarts>,
}

impl LinedStarts {
    /// What is behind a line.
    pub(crate) fn new(line: Line, inner: Arc<FakeRunStarts>) -> Self {
        Self { line, inner }
    }
}

#[async_trait]
impl RunStarts for LinedStarts {
    async fn repeated(&self, keys: &RunKeys) -> Result<Option<RunId>, StoreError> {
        self.line.pass("repeated", self.inner.repeated(keys)).await
    }

    async fn start(
        &self,
        new: &NewRun,
        keys: &RunKeys,
        entry: &AuditEntry,
    ) -> Result<RunStarted, StoreError> {
        let call = async {
            let mut new = new.clone();
            new.id = self.line.oracle.next_id(new.created_at);
            // Nothing in it waits: it is one transaction.
            let started = self.inner.start(&new, keys, entry).await?;
            if let RunStarted::New(run) = &started {
                self.line.oracle.created(run, &new.first_event());
            }
            Ok(started)
        };
        self.line.pass("start", call).await
    }
}
