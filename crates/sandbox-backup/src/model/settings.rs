use jiff::{SignedDuration, Timestamp};

use crate::model::Scope;

/// How long the simulated jobs take. AWS takes minutes to hours; a demo wants to be watched and a test
/// does not want to wait.
#[derive(Clone, Copy, Debug)]
pub struct JobTiming {
    /// From the request until the job starts.
    pub pending: SignedDuration,
    /// A backup job, from its start.
    pub backup: SignedDuration,
    /// A copy job, from its start.
    pub copy: SignedDuration,
    /// A restore job, from its start.
    pub restore: SignedDuration,
    /// How often a job that cannot start tries again.
    pub retry: SignedDuration,
    /// By how many percent durations vary from job to job.
    pub spread_percent: u8,
}

impl JobTiming {
    /// A few seconds, so that progress can be watched.
    pub const fn watchable() -> Self {
        Self {
            pending: SignedDuration::from_millis(500),
            backup: SignedDuration::from_secs(4),
            copy: SignedDuration::from_secs(4),
            restore: SignedDuration::from_secs(4),
            retry: SignedDuration::from_secs(5),
            spread_percent: 0,
        }
    }

    /// Nothing takes time: one tick finishes a job.
    pub const fn instant() -> Self {
        Self {
            pending: SignedDuration::ZERO,
            backup: SignedDuration::ZERO,
            copy: SignedDuration::ZERO,
            restore: SignedDuration::ZERO,
            retry: SignedDuration::from_mins(10),
            spread_percent: 0,
        }
    }

    /// Durations like those of AWS, for a history that is made by moving the clock.
    pub const fn lifelike() -> Self {
        Self {
            pending: SignedDuration::from_mins(4),
            backup: SignedDuration::from_mins(18),
            copy: SignedDuration::from_mins(31),
            restore: SignedDuration::from_mins(24),
            retry: SignedDuration::from_mins(10),
            spread_percent: 60,
        }
    }
}

/// A time in which no job of a scope can start; jobs wait, and expire when their window ends in it.
#[derive(Clone, Debug)]
pub struct Outage {
    /// Account and Region.
    pub scope: Scope,
    /// Only this resource, or all.
    pub resource_arn: Option<String>,
    /// First moment.
    pub from: Timestamp,
    /// First moment after.
    pub until: Timestamp,
}

/// Settings of the engine.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Durations of jobs.
    pub timing: JobTiming,
    /// Seed of ids and variations: the same calls make the same history.
    pub seed: u64,
    /// How far behind now the latest restorable second of a continuous point lies.
    pub continuous_lag: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timing: JobTiming::watchable(),
            seed: 1,
            continuous_lag: SignedDuration::from_secs(1),
        }
    }
}
