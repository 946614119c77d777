//! Registered accounts, the freshness of what is known of them, and the check of the way in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, ExternalId, Region, RoleArn};

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
