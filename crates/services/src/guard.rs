//! What keeps one person or one account from using up what all share.

use tidemark_domain::{Invalid, runs::RunState};
use tidemark_runs::RunFilter;

use crate::{Caller, ServiceError, Services, audit::Refusals};

/// Caps, and what was counted against them.
#[derive(Debug)]
pub struct Guard {
    /// Which refusals become entries of the audit log.
    pub refusals: Refusals,
    /// Unfinished runs that one person may have.
    pub runs_per_person: u64,
    /// Unfinished runs that one account may have.
    pub runs_per_account: u64,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            refusals: Refusals::default(),
            runs_per_person: 100,
            runs_per_account: 300,
        }
    }
}

impl Guard {
    /// Characters of a reason.
    const REASON: usize = 500;

    /// Refuses a reason that is an essay: it stands in the run and in the audit log for good.
    pub(crate) fn check_reason(reason: &str) -> Result<(), Invalid> {
        if reason.chars().count() > Self::REASON {
            return Err(Invalid::new("reason", "must have at most 500 characters"));
        }
        Ok(())
    }

    /// Refuses another run of somebody, or in an account, with too many unfinished ones. What is begun
    /// goes on.
    pub(crate) async fn admit_run(
        services: &Services,
        caller: &Caller,
        account: Option<&str>,
    ) -> Result<(), ServiceError> {
        let unfinished = RunFilter {
            states: RunState::ALL
                .into_iter()
                .filter(|state| !state.is_terminal())
                .collect(),
            ..RunFilter::default()
        };
        let of_person = RunFilter {
            creators: vec![caller.name.clone()],
            ..unfinished.clone()
        };
        let most = services.guard.runs_per_person;
        if count(services, &of_person).await? >= most {
            return Err(ServiceError::TooMany(format!(
                "you have {most} unfinished runs, which is as many as one person may have; wait for some to end, or cancel some"
            )));
        }
        let Some(account) = account else {
            return Ok(());
        };
        let of_account = RunFilter {
            accounts: vec![account.to_owned()],
            ..unfinished
        };
        let most = services.guard.runs_per_account;
        if count(services, &of_account).await? >= most {
            return Err(ServiceError::TooMany(format!(
                "account {account} has {most} unfinished runs, which is as many as one account may have; wait for some to end"
            )));
        }
        Ok(())
    }
}

async fn count(services: &Services, filter: &RunFilter) -> Result<u64, ServiceError> {
    let counts = services
        .runs
        .store()
        .counts(filter)
        .await
        .map_err(|error| ServiceError::Internal(Box::new(error)))?;
    Ok(counts
        .by_state
        .values()
        .fold(0, |sum, n| sum.saturating_add(*n)))
}
