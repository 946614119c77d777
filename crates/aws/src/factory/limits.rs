use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tidemark_domain::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Caps on how many reads run at once, per account and overall. Writes of runs are not capped, so
/// that a sync never holds a restore up.
#[derive(Debug)]
pub(crate) struct Limits {
    per_account: usize,
    overall: Arc<Semaphore>,
    accounts: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
}

/// Leave to run one read; given back when dropped.
#[derive(Debug)]
pub(crate) struct Leave {
    _account: Option<OwnedSemaphorePermit>,
    _overall: Option<OwnedSemaphorePermit>,
}

impl Limits {
    pub(crate) fn new(per_account: usize, overall: usize) -> Self {
        Self {
            per_account: per_account.max(1),
            overall: Arc::new(Semaphore::new(overall.max(1))),
            accounts: Mutex::default(),
        }
    }

    /// Waits for a place in the account first, so that a slow account holds no more of the common
    /// places than it may use.
    pub(crate) async fn enter(&self, account: &AccountId) -> Leave {
        let semaphore = {
            let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(
                accounts
                    .entry(account.clone())
                    .or_insert_with(|| Arc::new(Semaphore::new(self.per_account))),
            )
        };
        // The semaphores are never closed, so both are always acquired.
        Leave {
            _account: semaphore.acquire_owned().await.ok(),
            _overall: Arc::clone(&self.overall).acquire_owned().await.ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn an_account_gets_no_more_than_its_places_and_leaves_the_others_theirs() {
        let limits = Limits::new(2, 3);
        let slow = AccountId::parse("111122223333").unwrap();
        let other = AccountId::parse("444455556666").unwrap();
        let held = (limits.enter(&slow).await, limits.enter(&slow).await);
        assert!(limits.enter(&slow).now_or_never().is_none());
        let third = limits.enter(&other).now_or_never();
        assert!(third.is_some());
        assert!(
            limits.enter(&other).now_or_never().is_none(),
            "three places overall"
        );
        drop((held, third));
        assert!(limits.enter(&slow).now_or_never().is_some());
    }
}
