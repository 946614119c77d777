use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Arn, Check, Invalid, LegalHold, Partition, RecoveryPoint, Region, VaultName, Verdict,
};

/// A change of a legal hold, as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRequest {
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// What is to be done.
    pub change: HoldChange,
}

/// What is to be done with a legal hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldChange {
    /// It is made (`CreateLegalHold`).
    Create(NewHold),
    /// It is released (`CancelLegalHold`).
    Release(HoldRelease),
}

/// A legal hold to make. What it names none of, it takes all of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewHold {
    /// Title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Only points in these vaults.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vaults: Vec<VaultName>,
    /// Only points of these resources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Arn>,
    /// Only points made at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Only points made at or before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A legal hold to release. Why, the confirmation says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldRelease {
    /// Id of the hold.
    pub hold: String,
    /// For how many days AWS keeps the record of the hold (`RetainRecordInDays`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retain_record_days: Option<i64>,
}

/// Vaults and resources that one hold may name here.
const MAX_NAMED: usize = 50;

impl HoldRequest {
    /// The ARN of what it is about: a hold, or any of the account.
    pub fn arn(&self) -> String {
        let Self {
            account, region, ..
        } = self;
        let partition = Partition::of(region).id();
        let id = match &self.change {
            HoldChange::Create(_) => "*",
            HoldChange::Release(release) => &release.hold,
        };
        format!("arn:{partition}:backup:{region}:{account}:legal-hold:{id}")
    }

    /// The request in its one form, where AWS would take it.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        match &mut self.change {
            HoldChange::Create(new) => new.tidy(&self.account, &self.region)?,
            HoldChange::Release(release) => release.check()?,
        }
        Ok(self)
    }
}

impl NewHold {
    fn tidy(&mut self, account: &AccountId, region: &Region) -> Result<(), Invalid> {
        for (field, text, most) in [
            ("title", &mut self.title, 256),
            ("description", &mut self.description, 1024),
        ] {
            *text = text.trim().to_owned();
            if text.is_empty() {
                return Err(Invalid::new(field, "must be given"));
            }
            if text.chars().count() > most {
                return Err(Invalid::new(
                    field,
                    format!("must have at most {most} characters"),
                ));
            }
        }
        self.vaults.sort();
        self.vaults.dedup();
        self.resources.sort();
        self.resources.dedup();
        if self.vaults.len() > MAX_NAMED || self.resources.len() > MAX_NAMED {
            return Err(Invalid::new(
                "selection",
                format!("must name at most {MAX_NAMED} vaults and {MAX_NAMED} resources"),
            ));
        }
        let elsewhere = |arn: &&Arn| {
            (!arn.account().is_empty() && arn.account() != account.as_str())
                || (!arn.region().is_empty() && arn.region() != region.as_str())
        };
        if let Some(arn) = self.resources.iter().find(elsewhere) {
            return Err(Invalid::new(
                "resources",
                format!("must be of account {account} in {region}, as the hold is: {arn}"),
            ));
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if from > until => {
                Err(Invalid::new("until", "must not be before from"))
            }
            (Some(_), None) | (None, Some(_)) => Err(Invalid::new(
                "from",
                "and until must be given together: AWS takes a date range or none",
            )),
            _ => Ok(()),
        }
    }

    /// The hold as it would be, were it made now.
    pub fn as_made(
        &self,
        account: &AccountId,
        region: &Region,
        arn: Arn,
        now: Timestamp,
    ) -> LegalHold {
        LegalHold {
            id: String::new(),
            arn,
            account: account.clone(),
            region: region.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            status: "ACTIVE".to_owned(),
            created_at: now,
            cancelled_at: None,
            vaults: self.vaults.iter().map(ToString::to_string).collect(),
            resources: self.resources.iter().map(ToString::to_string).collect(),
            from: self.from,
            until: self.until,
            points: 0,
        }
    }
}

impl HoldRelease {
    fn check(&self) -> Result<(), Invalid> {
        let is_id = (1..=64).contains(&self.hold.len())
            && self
                .hold
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_id {
            return Err(Invalid::new("hold", "must be the id of a legal hold"));
        }
        if self
            .retain_record_days
            .is_some_and(|days| !(0..=36_500).contains(&days))
        {
            return Err(Invalid::new(
                "retain_record_days",
                "must lie between 0 and 36500",
            ));
        }
        Ok(())
    }
}

/// The known points that a hold takes, or lets go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPreview {
    /// How many were counted.
    pub points: u64,
    /// Their size in bytes, where it is known.
    pub bytes: u64,
    /// There are more; counting stopped.
    pub more: bool,
    /// Of them, those that should be gone by their lifecycle.
    pub overdue: u64,
    /// The first of them, the newest first.
    pub examples: Vec<RecoveryPoint>,
}

/// Exactly what a change of a legal hold would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPlan {
    /// As asked for.
    pub request: HoldRequest,
    /// The hold as it is; none where it is to be made.
    pub hold: Option<LegalHold>,
    /// What it takes or lets go.
    pub preview: HeldPreview,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What the run's credentials may do, as a policy document.
    pub session_policy: String,
    /// Digest of all that matters: the start names it.
    pub digest: String,
}

impl HoldPlan {
    /// Whether no check forbids the start.
    pub fn can_start(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict != Verdict::Fail)
    }
}

/// What a list of legal holds shows, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldFilter {
    /// Part of the title or the description.
    pub text: Option<String>,
    /// Only holds of this account.
    pub account: Option<AccountId>,
    /// Only holds of this Region.
    pub region: Option<Region>,
    /// Only holds that keep something, or only the others.
    pub active: Option<bool>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// A legal hold as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRow {
    /// The hold.
    pub hold: LegalHold,
    /// The account's alias.
    pub alias: String,
}
