//! What every [`RunStore`] must do, as cases that run against any implementation.
//!
//! ```no_run
//! # async fn fresh() -> std::sync::Arc<dyn tidemark_runs::RunStore> { unimplemented!() }
//! # async fn test() -> Result<(), tidemark_runs::contract::CaseError> {
//! tidemark_runs::contract::check_all(fresh).await
//! # }
//! ```

mod append;
mod cancel;
mod caps;
mod claim;
mod create;
mod fencing;
mod fixture;
mod lease;
mod list;
mod sleep;

use std::{future::Future, sync::Arc};

use futures::future::BoxFuture;

use crate::{RunStore, StoreError};

/// Why a case does not hold.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The store did something else than it must.
    #[error("{file}:{line}: {message}")]
    Broken {
        /// The file of the expectation.
        file: &'static str,
        /// Its line.
        line: u32,
        /// What was expected and what came.
        message: String,
    },
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The named case failed.
    #[error("{name}: {source}")]
    Case {
        /// The case.
        name: &'static str,
        /// Why.
        source: Box<CaseError>,
    },
}

/// What a case gives.
pub type CaseResult = Result<(), CaseError>;

/// One expectation of a store. Needs a store without runs.
#[derive(Clone, Copy)]
pub struct Case {
    /// Says the behaviour.
    pub name: &'static str,
    run: fn(Arc<dyn RunStore>) -> BoxFuture<'static, CaseResult>,
}

impl Case {
    /// Runs the case against a store without runs.
    pub async fn check(&self, store: Arc<dyn RunStore>) -> CaseResult {
        (self.run)(store).await.map_err(|error| CaseError::Case {
            name: self.name,
            source: Box::new(error),
        })
    }
}

/// Runs every case, each against a fresh store.
pub async fn check_all<F, Fut>(mut fresh: F) -> CaseResult
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Arc<dyn RunStore>>,
{
    for case in cases() {
        case.check(fresh().await).await?;
    }
    Ok(())
}

/// Fails the case when the condition does not hold.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::contract::CaseError::Broken {
                file: file!(),
                line: line!(),
                message: format!($($message)+),
            });
        }
    };
}
/// Fails the case when the two differ.
macro_rules! ensure_eq {
    ($left:expr, $right:expr) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err($crate::contract::CaseError::Broken {
                file: file!(),
                line: line!(),
                message: format!(
                    "{} must equal {}\n  came:     {left:?}\n  expected: {right:?}",
                    stringify!($left),
                    stringify!($right)
                ),
            });
        }
    }};
}
/// Fails the case unless the expression matches the pattern.
macro_rules! ensure_matches {
    ($value:expr, $pattern:pat) => {{
        let value = $value;
        if !matches!(value, $pattern) {
            return Err($crate::contract::CaseError::Broken {
                file: file!(),
                line: line!(),
                message: format!(
                    "{} must be {}, came {value:?}",
                    stringify!($value),
                    stringify!($pattern)
                ),
            });
        }
    }};
}
use {ensure, ensure_eq, ensure_matches};

macro_rules! cases {
    ($($module:ident :: $name:ident),+ $(,)?) => {
        /// Every case, to run them one by one.
        pub fn cases() -> Vec<Case> {
            vec![$(Case {
                name: stringify!($name),
                run: |store| Box::pin($module::$name(store)),
            }),+]
        }
    };
}

cases! {
    create::a_created_run_reads_back_as_it_was_written,
    create::an_unknown_run_is_nowhere,
    create::a_key_used_twice_by_one_creator_creates_one_run,
    create::keys_of_different_creators_do_not_meet,
    create::concurrent_creations_under_one_key_give_one_run,
    append::every_kind_of_event_reads_back_as_it_was_appended,
    append::an_append_replaces_the_head,
    append::events_can_be_read_after_a_number_and_in_portions,
    append::an_append_without_events_changes_the_head_only,
    append::an_ended_run_has_no_lease_and_takes_no_more_events,
    append::an_unleased_run_takes_events_from_whoever_knows_its_log,
    append::appends_at_once_are_each_written_or_refused_by_themselves,
    fencing::another_owner_or_an_earlier_claim_appends_nothing,
    fencing::a_log_that_has_grown_takes_nothing_from_who_does_not_know,
    fencing::events_with_a_gap_are_refused,
    fencing::an_expired_lease_that_nobody_took_still_appends,
    fencing::of_two_appends_at_once_one_wins,
    claim::a_claim_sets_the_lease_and_brings_the_log,
    claim::what_waits_longest_is_claimed_first_up_to_the_limit,
    claim::only_known_kinds_are_claimed,
    claim::runs_that_wait_for_approval_or_have_ended_are_not_claimed,
    claim::concurrent_claims_never_share_a_run,
    caps::a_creator_at_the_cap_gets_no_further_run_started,
    caps::an_account_at_the_cap_gets_no_further_run_started,
    caps::runs_in_progress_are_claimed_whatever_the_caps,
    lease::a_leased_run_is_claimable_once_the_lease_expires,
    lease::a_renewed_lease_lasts_longer,
    lease::a_lost_lease_is_not_renewed,
    lease::a_released_run_is_claimable_at_once,
    lease::releasing_a_lost_lease_changes_nothing,
    sleep::a_sleeping_run_is_claimable_from_its_wake_time_on,
    sleep::the_next_due_time_is_that_of_the_earliest_run,
    cancel::a_cancel_makes_an_idle_run_claimable,
    cancel::a_cancel_reaches_the_holder_with_its_next_append_or_renewal,
    cancel::a_cancel_is_not_lost_when_the_run_goes_to_sleep_meanwhile,
    cancel::a_cancel_that_the_log_holds_is_not_pending,
    cancel::the_first_cancel_stays_and_an_ended_run_takes_none,
    list::the_newest_runs_come_first_page_by_page,
    list::each_filter_keeps_what_it_names,
    list::counts_are_by_state_and_filtered,
}
