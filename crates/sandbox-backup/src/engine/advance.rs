use std::sync::{MutexGuard, PoisonError, TryLockError};

use jiff::{SignedDuration, Timestamp};

use super::{
    BackupEngine,
    events::Event,
    state::World,
    work::{Outcome, Work},
};

impl BackupEngine {
    /// Moves the simulation to `until`: everything due happens in order, each thing at its own moment.
    ///
    /// Providers are called on this thread while no lock is held, and what they answer takes effect
    /// before anything later happens. So a tick of 400 days gives the same history each time.
    pub fn tick(&self, until: Timestamp) {
        let _alone = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let work = self.world().advance(until, true);
            if work.is_empty() {
                return;
            }
            let providers = self.providers();
            for item in work {
                let outcome = item.run(&providers);
                self.world().record(outcome);
            }
        }
    }

    /// The right to let time pass; none while somebody else does.
    pub(crate) fn try_pass(&self) -> Option<MutexGuard<'_, ()>> {
        match self.passing.try_lock() {
            Ok(alone) => Some(alone),
            Err(TryLockError::Poisoned(alone)) => Some(alone.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl World {
    /// How much of `until` has not happened yet.
    pub(crate) fn behind(&self, until: Timestamp) -> SignedDuration {
        until.duration_since(self.now)
    }

    /// Lets everything due happen and answers the calls to make to providers. With `pause`, stops as
    /// soon as there is one to make.
    pub(crate) fn advance(&mut self, until: Timestamp, pause: bool) -> Vec<Work> {
        while !pause || self.work.is_empty() {
            let Some((at, event)) = self.agenda.take_due(until) else {
                self.now = self.now.max(until);
                break;
            };
            self.now = self.now.max(at);
            self.happen(at, event);
        }
        std::mem::take(&mut self.work)
    }

    fn happen(&mut self, at: Timestamp, event: Event) {
        match event {
            Event::RuleFires {
                scope,
                plan,
                version,
                rule,
            } => self.rule_fires(at, scope, plan, version, rule),
            Event::BackupTries { scope, job } => self.backup_tries(at, &scope, job),
            Event::BackupFinishes { scope, job } => self.backup_finishes(at, &scope, job),
            Event::CopyStarts { scope, job } => self.copy_starts(at, &scope, job),
            Event::CopyFinishes { scope, job } => self.copy_finishes(at, &scope, job),
            Event::RestoreStarts { scope, job } => self.restore_starts(at, &scope, job),
            Event::RestoreFinishes { scope, job } => self.restore_finishes(at, &scope, job),
            Event::PointCools { scope, point } => self.point_cools(at, &scope, point),
            Event::PointExpires { scope, point } => self.point_expires(at, &scope, point),
        }
    }

    /// Takes in what a provider answered.
    pub(crate) fn record(&mut self, outcome: Outcome) {
        let now = self.now;
        match outcome {
            Outcome::Selected {
                scope,
                plan,
                version,
                rule,
                at,
                resources,
            } => self.rule_selected(at, &scope, &plan, &version, &rule, &resources),
            Outcome::Captured { scope, job, result } => {
                self.backup_captured(now, &scope, job, result);
            }
            Outcome::CapturedForCopy { scope, job, result } => {
                self.copy_captured(now, &scope, job, result);
            }
            Outcome::Restored { scope, job, result } => {
                self.restore_done(now, &scope, job, result);
            }
        }
    }
}
