//! How long AWS takes, where that follows the clock and not the number of looks.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::Scope;

use super::{
    FakeCloud,
    model::{JobEnd, State, Table},
};

/// What takes AWS a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A restore by DynamoDB, until the new table is active.
    TableRestore,
    /// The moment between a table's creation and `DescribeTable` knowing of it.
    Visibility,
    /// A change of a table's stream or protection.
    TableChange,
    /// The deletion of a table.
    TableDeletion,
    /// A backup job.
    BackupJob,
    /// A restore job.
    RestoreJob,
    /// A copy job.
    CopyJob,
}

/// Says how long AWS takes, anew for each thing that it begins, and how jobs end.
pub trait Pace: Send + Sync {
    /// How long this takes.
    fn takes(&self, what: Takes) -> SignedDuration;

    /// How a job of this kind ends; asked when it starts.
    fn ends(&self, job: Takes) -> JobEnd;
}

/// For how much longer a table is busy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// For so many looks.
    Looks(u32),
    /// Until then.
    Until(Timestamp),
}

/// Why a table is not active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Busy {
    pub(crate) status: String,
    pub(crate) left: Left,
}

/// The pace, if one was set.
#[derive(Clone, Default)]
pub(crate) struct Paced(pub(crate) Option<std::sync::Arc<dyn Pace>>);

impl fmt::Debug for Paced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Paced").field(&self.0.is_some()).finish()
    }
}

/// In so many seconds after it became active, a table's continuous backups are not set up yet.
const BACKUPS_SET_UP: SignedDuration = SignedDuration::from_secs(15);

impl FakeCloud {
    /// From now on AWS goes on with time: tables are restored, changed and deleted and jobs end at
    /// their moment, whether anybody looks or not.
    pub fn set_pace(&self, pace: std::sync::Arc<dyn Pace>) {
        self.lock().pace = Paced(Some(pace));
    }

    /// Sets how many tables a Region restores at once; more are refused with
    /// `LimitExceededException`.
    pub fn limit_restores(&self, at_once: usize) {
        self.lock().restores_at_once = Some(at_once);
    }
}

impl State {
    /// The state of a table that is busy from now on, or none where that takes no time.
    pub(crate) fn busy(&self, status: &str, what: Takes, now: Timestamp) -> Option<Busy> {
        let left = match &self.pace.0 {
            Some(pace) => Left::Until(now + pace.takes(what)),
            None if self.settle > 0 => Left::Looks(self.settle),
            None => return None,
        };
        Some(Busy {
            status: status.to_owned(),
            left,
        })
    }

    /// From when on `DescribeTable` knows of a table that is made now.
    pub(crate) fn visible_from(&self, now: Timestamp) -> Timestamp {
        match &self.pace.0 {
            Some(pace) => now + pace.takes(Takes::Visibility),
            None => now,
        }
    }

    /// When a job that starts now ends, and how; none where jobs go on by looks.
    pub(crate) fn job_end(&self, job: Takes, now: Timestamp) -> Option<(Timestamp, JobEnd)> {
        let pace = self.pace.0.as_ref()?;
        Some((now + pace.takes(job), pace.ends(job)))
    }

    /// Lets happen what has happened by now.
    pub(crate) fn go_on(&mut self, scope: &Scope, now: Timestamp) {
        if self.pace.0.is_none() {
            return;
        }
        let model = self.scope(scope);
        let due: Vec<String> = model
            .jobs
            .iter()
            .filter(|(_, job)| job.job.completed_at.is_none())
            .filter(|(_, job)| job.ends_at.is_some_and(|at| at <= now))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            super::restore::end_job(self, scope, &id);
        }
        self.scope(scope)
            .tables
            .retain(|_, table| !table.is_past(now));
    }

    /// Whether a Region restores as many tables as it may.
    pub(crate) fn restores_too_many(&mut self, scope: &Scope) -> bool {
        let Some(at_once) = self.restores_at_once else {
            return false;
        };
        let restoring = self.scope(scope).tables.values().filter(|table| {
            let creating = |busy: &Busy| busy.status == "CREATING";
            table.restored_from.is_some() && table.busy.as_ref().is_some_and(creating)
        });
        restoring.count() >= at_once
    }
}

impl Table {
    /// Ends what the clock has ended. Answers whether the table is gone.
    fn is_past(&mut self, now: Timestamp) -> bool {
        let Some(Busy {
            status,
            left: Left::Until(until),
        }) = &self.busy
        else {
            return false;
        };
        if *until > now {
            return false;
        }
        let gone = status == "DELETING";
        if status == "CREATING" {
            self.active_since = Some(*until);
        }
        self.busy = None;
        gone
    }

    /// Whether its continuous backups are still being set up.
    pub(crate) fn lacks_continuous_backups(&self, now: Timestamp) -> bool {
        let creating = self.busy.as_ref().is_some_and(|b| b.status == "CREATING");
        let young = |since: Timestamp| since + BACKUPS_SET_UP > now;
        creating || self.active_since.is_some_and(young)
    }
}
