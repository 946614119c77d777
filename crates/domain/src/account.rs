//! Registered accounts, the freshness of what is known of them, and the check of the way in.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ExternalId, Features, Region, RoleArn};

/// How the console gets into an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountConnection {
    /// The account.
    pub account: AccountId,
    /// The role that the console assumes there.
    pub role: RoleArn,
    /// The external id that the role's trust policy demands. Made by the console, never chosen.
    pub external_id: ExternalId,
}

/// An account as registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// How to get in.
    pub connection: AccountConnection,
    /// The name that people gave it.
    pub alias: String,
    /// Regions that are synced.
    pub regions: Vec<Region>,
    /// When it was registered.
    pub added_at: Timestamp,
    /// What its role is made for.
    #[serde(default)]
    pub features: Features,
    /// An external id that is to take the place of the present one, as soon as the role takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingExternalId>,
}

/// An external id that the role's trust policy is to demand in place of the present one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingExternalId {
    /// The new one.
    pub external_id: ExternalId,
    /// When it was made.
    pub since: Timestamp,
}

impl Account {
    /// Minutes after an account was registered, or since it was changed, in which its roles are looked for
    /// again and again: IAM is eventually consistent, and a stack takes its time.
    pub const AWAITED_MINUTES: i64 = 30;

    /// Until when its roles are waited for, as long as no Region could be read yet.
    pub fn awaited_until(&self) -> Timestamp {
        let wait = SignedDuration::from_mins(Self::AWAITED_MINUTES);
        self.added_at.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// How the console would get in with the pending external id.
    pub fn with_pending(&self) -> Option<AccountConnection> {
        let pending = self.pending.as_ref()?;
        Some(AccountConnection {
            external_id: pending.external_id.clone(),
            ..self.connection.clone()
        })
    }
}

/// An account as lists show it: no external id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// The account.
    pub account: AccountId,
    /// The name that people gave it.
    pub alias: String,
    /// The role that the console assumes.
    pub role: RoleArn,
    /// The state of each synced Region.
    pub scopes: Vec<ScopeState>,
    /// Resources in the catalogue.
    pub resources: u64,
    /// Of these, with a usable backup.
    pub protected: u64,
    /// What its role is made for.
    #[serde(default)]
    pub features: Features,
    /// Since when a new external id waits for the role to take it.
    #[serde(default)]
    pub rotating_since: Option<Timestamp>,
    /// Until when its roles are looked for every few seconds; none once a Region was read.
    #[serde(default)]
    pub awaited_until: Option<Timestamp>,
}

/// What stays behind in AWS when an account is removed from the console, and what ends with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The account.
    pub account: AccountId,
    /// Names of the roles that let the console in until somebody deletes them.
    pub roles: Vec<String>,
    /// Recovery points that stay, as their lifecycles and plans have it.
    pub points: u64,
    /// Backup plans that go on.
    pub plans: u64,
    /// Record-level backups that nobody reads on: their changes are lost once the stream forgets them.
    pub captures: u64,
    /// Runs that are not finished, and fail at their next step.
    pub unfinished_runs: u64,
}

impl Leaving {
    /// Whether something ends that is better ended first.
    pub fn warns(&self) -> bool {
        self.captures > 0 || self.unfinished_runs > 0
    }

    /// What stays and what ends, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let counted = |count: u64, one: &str, many: &str| match count {
            1 => format!("One {one}"),
            count => format!("{count} {many}"),
        };
        let mut lines = vec![format!(
            "The roles {} stay in the account and let the console in, until the stack that made them is deleted there.",
            self.roles.join(" and ")
        )];
        if self.points > 0 {
            lines.push(format!(
                "{} in the account and cost what they cost; their lifecycles go on.",
                counted(self.points, "recovery point stays", "recovery points stay")
            ));
        }
        if self.plans > 0 {
            lines.push(format!(
                "{} there, and nobody is told here when a backup fails.",
                counted(self.plans, "backup plan goes on", "backup plans go on")
            ));
        }
        if self.captures > 0 {
            lines.push(format!(
                "{}: a table's stream keeps changes for 24 hours. What is in the bucket stays and can be restored.",
                counted(
                    self.captures,
                    "record-level backup is not read on",
                    "record-level backups are not read on"
                )
            ));
        }
        if self.unfinished_runs > 0 {
            lines.push(format!(
                "{} at the next step, since the console can no longer enter the account: cancel them or let them end first.",
                counted(self.unfinished_runs, "run fails", "runs fail")
            ));
        }
        lines.push(
            "Runs, the audit log and the history of the role's permissions stay in the console."
                .to_owned(),
        );
        lines
    }
}

/// One account in one Region: the unit of synchronisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
}

/// What is known of a scope and how old that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeState {
    /// Which scope.
    pub scope: Scope,
    /// The last sync that succeeded.
    pub last_success: Option<Timestamp>,
    /// The last sync that was tried.
    pub last_attempt: Option<Timestamp>,
    /// Why the last attempt failed; none when it succeeded.
    pub error: Option<ScopeError>,
    /// A sync is under way.
    pub syncing: bool,
}

/// Why a scope could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeError {
    /// What kind of failure.
    pub cause: ScopeCause,
    /// What failed, in a sentence.
    pub message: String,
    /// What to do about it, in a sentence.
    pub fix: String,
    /// AWS error code, where one came back.
    pub code: Option<String>,
    /// AWS request id, where one came back.
    pub request_id: Option<String>,
}

/// The causes that the console tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeCause {
    /// The console's own credentials are missing or expired.
    ConsoleCredentials,
    /// The role does not exist.
    NoSuchRole,
    /// The role does not trust the console's account.
    Trust,
    /// The role expects another external id.
    ExternalId,
    /// `AssumeRole` is denied and the reason cannot be told from here.
    AssumeDenied,
    /// The role lacks a permission.
    Permission,
    /// The endpoint does not answer.
    Endpoint,
    /// The endpoint answers too slowly.
    Slow,
    /// The Region is not enabled in the account.
    RegionDisabled,
    /// AWS throttled the calls.
    Throttled,
    /// Anything else that AWS reported.
    Other,
}

/// The one word for a scope's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeHealth {
    /// Read recently, without error.
    Fresh,
    /// Read before, but not recently.
    Stale,
    /// AWS refuses us.
    Denied,
    /// AWS cannot be reached.
    Unreachable,
    /// Not read yet.
    Never,
}

impl ScopeHealth {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::Never => "not read yet",
        }
    }
}

impl ScopeState {
    /// Minutes without a successful sync after which a scope counts as stale.
    pub const STALE_AFTER_MINUTES: i64 = 15;

    /// A scope that was never read.
    pub fn never(scope: Scope) -> Self {
        Self {
            scope,
            last_success: None,
            last_attempt: None,
            error: None,
            syncing: false,
        }
    }

    /// The scope's condition at `now`.
    pub fn health(&self, now: Timestamp) -> ScopeHealth {
        use ScopeCause as C;
        match self.error.as_ref().map(|e| e.cause) {
            Some(C::Endpoint) => return ScopeHealth::Unreachable,
            Some(C::Slow | C::Throttled | C::Other) => return ScopeHealth::Stale,
            Some(_) => return ScopeHealth::Denied,
            None => {}
        }
        match self.last_success {
            None => ScopeHealth::Never,
            Some(at) if now.duration_since(at).as_mins() >= Self::STALE_AFTER_MINUTES => {
                ScopeHealth::Stale
            }
            Some(_) => ScopeHealth::Fresh,
        }
    }
}

/// The result of checking the way into an account, link by link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCheck {
    /// The account.
    pub account: AccountId,
    /// Every link in the order in which it is used; links after a broken one are `unknown`.
    pub links: Vec<Check>,
    /// When it was checked.
    pub checked_at: Timestamp,
}

impl AccountCheck {
    /// No link is broken.
    pub fn passed(&self) -> bool {
        self.links.iter().all(|l| l.verdict != Verdict::Fail)
    }

    /// The first broken link.
    pub fn broken(&self) -> Option<&Check> {
        self.links.iter().find(|l| l.verdict == Verdict::Fail)
    }
}

/// One thing that was checked, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked, for example `The name is free`.
    pub name: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub detail: String,
    /// How to mend it; empty when nothing is wrong.
    pub fix: String,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Possible, but worth knowing.
    Warn,
    /// Not possible as it stands.
    Fail,
    /// Could not be checked; never the same as a pass.
    Unknown,
}

impl Verdict {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warning",
            Self::Fail => "fails",
            Self::Unknown => "could not be checked",
        }
    }
}

impl Check {
    /// A check that passed.
    pub fn pass(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::of(name, Verdict::Pass, detail, "")
    }

    /// A check that warns.
    pub fn warn(
        name: impl Into<String>,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::of(name, Verdict::Warn, detail, fix)
    }

    /// A check that failed.
    pub fn fail(
        name: impl Into<String>,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::of(name, Verdict::Fail, detail, fix)
    }

    /// A check that could not be made.
    pub fn unknown(
        name: impl Into<String>,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::of(name, Verdict::Unknown, detail, fix)
    }

    fn of(
        name: impl Into<String>,
        verdict: Verdict,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            verdict,
            detail: detail.into(),
            fix: fix.into(),
        }
    }
}
