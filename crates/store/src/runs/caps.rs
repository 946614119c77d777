use std::collections::HashMap;

use tidemark_runs::{ClaimRequest, Run, RunState, StoreError};

use super::{failed, micros};
use crate::db::{Sql, Tx};

/// Runs in progress per creator and per account, as far as a request caps them.
#[derive(Default)]
pub(super) struct Caps {
    creators: HashMap<String, u32>,
    accounts: HashMap<String, u32>,
    per_creator: Option<u32>,
    per_account: Option<u32>,
}

impl Caps {
    pub(super) async fn read(tx: &mut Tx, request: &ClaimRequest) -> Result<Self, StoreError> {
        let mut caps = Self {
            per_creator: request.per_creator,
            per_account: request.per_account,
            ..Self::default()
        };
        if request.per_creator.is_none() && request.per_account.is_none() {
            return Ok(caps);
        }
        let sql = "SELECT creator, account, COUNT(*) FROM runs \
                   WHERE state IN ('running', 'sleeping', 'compensating') GROUP BY creator, account \
                   UNION ALL SELECT creator, account, COUNT(*) FROM runs \
                   WHERE state = 'queued' AND lease_expires IS NOT NULL AND lease_expires > $1 \
                   GROUP BY creator, account";
        let counts: Vec<(String, Option<String>, i64)> = tx
            .fetch_all(Sql::new(sql).arg(micros(request.now)))
            .await
            .map_err(failed)?;
        for (creator, account, count) in counts {
            caps.add(creator, account, u32::try_from(count).unwrap_or(u32::MAX));
        }
        Ok(caps)
    }

    fn add(&mut self, creator: String, account: Option<String>, count: u32) {
        let sum = self.creators.entry(creator).or_default();
        *sum = sum.saturating_add(count);
        if let Some(account) = account {
            let sum = self.accounts.entry(account).or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// Whether the run may be taken; if so, it counts from now on.
    pub(super) fn admit(&mut self, run: &Run) -> bool {
        if run.head.state != RunState::Queued {
            return true;
        }
        let below = |cap: Option<u32>, count: Option<&u32>| {
            cap.is_none_or(|cap| count.copied().unwrap_or(0) < cap)
        };
        let account = run.labels.account.as_ref();
        let creator_is_below = below(self.per_creator, self.creators.get(&run.creator));
        let account_is_below =
            account.is_none_or(|account| below(self.per_account, self.accounts.get(account)));
        let admitted = creator_is_below && account_is_below;
        if admitted {
            self.add(run.creator.clone(), account.cloned(), 1);
        }
        admitted
    }

    /// Appends the condition that leaves out queued runs of those who are at their cap.
    pub(super) fn push(&self, sql: &mut Sql) {
        let creators = full(&self.creators, self.per_creator);
        let accounts = full(&self.accounts, self.per_account);
        if !creators.is_empty() {
            sql.push(" AND (state <> 'queued' OR creator NOT IN ")
                .list(creators)
                .push(")");
        }
        if !accounts.is_empty() {
            sql.push(" AND (state <> 'queued' OR account IS NULL OR account NOT IN ")
                .list(accounts)
                .push(")");
        }
    }
}

fn full(counts: &HashMap<String, u32>, cap: Option<u32>) -> Vec<&str> {
    counts
        .iter()
        .filter(|(_, count)| cap.is_some_and(|cap| **count >= cap))
        .map(|(name, _)| name.as_str())
        .collect()
}
