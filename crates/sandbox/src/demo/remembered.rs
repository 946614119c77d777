use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

type Place = (String, String);
type Outcome = Result<Captured, ProviderError>;

/// A time in which a resource's backups fail.
pub(super) struct Failure {
    /// Ends of the ARNs that it hits.
    pub(super) ends_with: &'static str,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) message: &'static str,
}

/// A provider that asks the real one once and gives the same answer until it is told to forget.
///
/// While a history is made nothing changes between two of its rounds, so every backup of a resource in
/// between holds the same data: capturing once is enough, and 400 days take seconds.
pub(super) struct Remembered {
    inner: Arc<dyn ResourceProvider>,
    failures: Arc<Vec<Failure>>,
    lists: Mutex<HashMap<Place, Vec<SimResource>>>,
    captures: Mutex<HashMap<(Place, String), Outcome>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Remembered {
    pub(super) fn new(inner: Arc<dyn ResourceProvider>, failures: Arc<Vec<Failure>>) -> Self {
        Self {
            inner,
            failures,
            lists: Mutex::default(),
            captures: Mutex::default(),
        }
    }

    /// Asks anew from now on.
    pub(super) fn forget(&self) {
        held(&self.lists).clear();
        held(&self.captures).clear();
    }

    /// The real provider.
    pub(super) fn inner(&self) -> Arc<dyn ResourceProvider> {
        Arc::clone(&self.inner)
    }
}

impl ResourceProvider for Remembered {
    fn resource_type(&self) -> &'static str {
        self.inner.resource_type()
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        held(&self.lists)
            .entry((account.to_owned(), region.to_owned()))
            .or_insert_with(|| self.inner.list(account, region))
            .clone()
    }

    fn capture(&self, account: &str, region: &str, arn: &str, at: Timestamp) -> Outcome {
        let failure = self.failures.iter().find(|failure| {
            arn.ends_with(failure.ends_with) && (failure.from..failure.until).contains(&at)
        });
        if let Some(failure) = failure {
            return Err(ProviderError {
                code: "InternalServerError".to_owned(),
                message: failure.message.to_owned(),
            });
        }
        let place = (account.to_owned(), region.to_owned());
        held(&self.captures)
            .entry((place, arn.to_owned()))
            .or_insert_with(|| self.inner.capture(account, region, arn, at))
            .clone()
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        metadata: &BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<String, ProviderError> {
        self.inner.restore(account, region, captured, metadata, at)
    }

    fn supports_cold_storage(&self) -> bool {
        self.inner.supports_cold_storage()
    }

    fn supports_continuous(&self) -> bool {
        self.inner.supports_continuous()
    }
}
