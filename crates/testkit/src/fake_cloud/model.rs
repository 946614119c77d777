//! What a [`super::FakeCloud`] holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tidemark_domain::{
    AccountConnection, AccountId, Arn, Job, LegalHold, RecoveryPoint, Resource, Scope,
    TableSettings, Vault,
    plan::{PlanVersion, RegionSettings, SelectionRecord},
};

use super::pace::{Busy, Paced};

/// How the way into a fake account stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// The role lets us in.
    #[default]
    Open,
    /// There is no such role.
    NoSuchRole,
    /// The role does not trust the console.
    NoTrust,
    /// The endpoint does not answer.
    Unreachable,
    /// The endpoint answers too slowly: every call times out.
    Slow,
    /// Every call is throttled.
    Throttled,
}

/// How the jobs of a fake account go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobScript {
    /// Polls that see the job created or running before one sees it ended.
    pub polls: u32,
    /// How it ends.
    pub end: JobEnd,
}

impl Default for JobScript {
    fn default() -> Self {
        Self {
            polls: 2,
            end: JobEnd::Completed,
        }
    }
}

/// How a job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// `COMPLETED`, with its effect.
    Completed,
    /// This status and message, without an effect.
    With(String, String),
    /// Never.
    Never,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<AccountId, AccountModel>,
    pub(crate) scopes: BTreeMap<Scope, ScopeModel>,
    pub(crate) backup_script: JobScript,
    pub(crate) restore_script: JobScript,
    pub(crate) copy_script: JobScript,
    /// Polls that see a new or changed table busy.
    pub(crate) settle: u32,
    pub(crate) pace: Paced,
    /// Tables that a Region restores at once.
    pub(crate) restores_at_once: Option<usize>,
    /// Seconds by which the latest restorable time lags.
    pub(crate) lag: i64,
    pub(crate) sequence: u64,
    /// What copies depend on.
    pub(crate) copies: super::copies::CopyWorld,
    /// Tables that were ever made.
    pub(crate) tables: u64,
}

impl State {
    /// A number that was not given out before.
    pub(crate) fn next(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// The `TableId` of a table that is made now.
    pub(crate) fn table_id(&mut self) -> String {
        self.tables += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.tables)
    }

    pub(crate) fn scope(&mut self, scope: &Scope) -> &mut ScopeModel {
        self.scopes.entry(scope.clone()).or_default()
    }
}

#[derive(Debug)]
pub(crate) struct AccountModel {
    pub(crate) connection: AccountConnection,
    pub(crate) access: Access,
    /// Actions that the role lacks.
    pub(crate) denied: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct ScopeModel {
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) resources: BTreeMap<Arn, Resource>,
    pub(crate) vaults: BTreeMap<String, Vault>,
    pub(crate) points: BTreeMap<Arn, Point>,
    pub(crate) holds: BTreeMap<String, LegalHold>,
    pub(crate) jobs: BTreeMap<String, FakeJob>,
    /// Ids of jobs and selections by idempotency token.
    pub(crate) tokens: BTreeMap<String, String>,
    pub(crate) plans: BTreeMap<String, FakePlan>,
    pub(crate) settings: RegionSettings,
}

#[derive(Clone, Debug)]
pub(crate) struct FakePlan {
    /// Oldest first; never empty.
    pub(crate) versions: Vec<PlanVersion>,
    pub(crate) selections: Vec<SelectionRecord>,
    /// `CreatorRequestId`.
    pub(crate) token: Option<String>,
    pub(crate) deleted: bool,
}

impl FakePlan {
    /// The version in force.
    pub(crate) fn current(&self) -> &PlanVersion {
        &self.versions[self.versions.len() - 1]
    }
}

impl ScopeModel {
    /// Whether a legal hold keeps the point from being deleted.
    pub(crate) fn holds(&self, point: &RecoveryPoint) -> bool {
        self.holds.values().any(|hold| hold.covers(point))
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) arn: Arn,
    /// `TableId`.
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    /// Why and for how long it is not active.
    pub(crate) busy: Option<Busy>,
    /// From when on `DescribeTable` knows of it.
    pub(crate) visible_from: Timestamp,
    /// Since when a table that was made here is active.
    pub(crate) active_since: Option<Timestamp>,
    /// Item counts since these moments, oldest first.
    pub(crate) history: Vec<(Timestamp, i64)>,
    pub(crate) settings: TableSettings,
    pub(crate) pitr_since: Option<Timestamp>,
    pub(crate) restored_from: Option<(Option<Arn>, Option<Arn>, Timestamp)>,
}

impl Table {
    pub(crate) fn items_at(&self, at: Timestamp) -> i64 {
        self.history
            .iter()
            .rev()
            .find(|(since, _)| *since <= at)
            .map_or(0, |(_, items)| *items)
    }

    pub(crate) fn items(&self) -> i64 {
        self.history.last().map_or(0, |(_, items)| *items)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) shown: RecoveryPoint,
    pub(crate) metadata: BTreeMap<String, String>,
    /// Items of the table that it holds.
    pub(crate) items: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct FakeJob {
    pub(crate) job: Job,
    pub(crate) polls_left: u32,
    /// When it ends, where jobs go on with time and not by looks.
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) end: JobEnd,
    pub(crate) effect: Effect,
    pub(crate) bytes: Option<i64>,
    pub(crate) created: Option<Arn>,
}

#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// The point becomes complete.
    CompletePoint(Arn),
    /// A table of that name appears.
    Table { name: String, from: Arn },
    /// What it makes is there already.
    Nothing { made: Arn },
    /// A resource of that ARN appears.
    Resource(Box<Resource>),
    /// A point appears in another vault.
    Copy { to: Scope, point: Box<Point> },
}
