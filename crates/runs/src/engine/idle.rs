//! Working without a worker, for tests and one-shot commands.

use std::sync::Arc;

use futures::{StreamExt, stream::FuturesUnordered};
use jiff::Timestamp;

use super::Engine;
use crate::{StoreError, driver::drive, worker::keep_leases};

impl Engine {
    /// Carries out whatever is due until nothing is, in this task. Gives the time at which a run
    /// becomes due next, if one sleeps or is held by another worker.
    pub async fn run_until_idle(&self) -> Result<Option<Timestamp>, StoreError> {
        let work = async {
            loop {
                let request = self
                    .inner
                    .claim_request(self.inner.config.max_concurrent_runs);
                let claims = self.inner.store.claim(&request).await?;
                if claims.is_empty() {
                    return self.inner.store.next_due(&self.inner.kind_names).await;
                }
                let mut runs: FuturesUnordered<_> = claims
                    .into_iter()
                    .map(|claim| {
                        let control = Arc::new(self.inner.control_of(&claim));
                        drive(Arc::clone(&self.inner), claim, control)
                    })
                    .collect();
                while runs.next().await.is_some() {}
            }
        };
        tokio::select! {
            biased;
            idle = work => idle,
            never = keep_leases(&self.inner) => match never {},
        }
    }
}
