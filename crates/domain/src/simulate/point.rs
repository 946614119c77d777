use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Arn, PointSource, RecoveryPoint, Region, ResourceType, Tier,
    plan::{Lifecycle, spans},
};

/// A recovery point, real or to come, with its whole life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimPoint {
    /// Its ARN; none for one that is to come.
    pub arn: Option<Arn>,
    /// What it is a copy of.
    pub resource: Arn,
    /// Type of that.
    pub resource_type: ResourceType,
    /// Account that holds it.
    pub account: AccountId,
    /// Region that holds it.
    pub region: Region,
    /// Vault that holds it.
    pub vault: Option<String>,
    /// Plan that makes it.
    pub plan_id: Option<String>,
    /// Rule that makes it.
    pub rule: Option<String>,
    /// The moment that it holds; a copy's is its source's.
    pub created_at: Timestamp,
    /// When it is there to restore from: when its job ends.
    pub exists_from: Timestamp,
    /// When its lifecycle moves it to cold storage.
    pub cold_at: Option<Timestamp>,
    /// When its lifecycle deletes it.
    pub delete_at: Option<Timestamp>,
    /// It is a copy of another point.
    pub copy: bool,
    /// The window, for a continuous point.
    pub continuous: Option<SimWindow>,
    /// It should be gone but cannot be deleted: it stays.
    pub stuck: bool,
    /// Size, where it is known.
    pub size_bytes: Option<u64>,
}

/// The window of a continuous point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimWindow {
    /// How many days back it reaches.
    pub days: i64,
    /// When it stops being fed; none while it is.
    pub until: Option<Timestamp>,
}

impl SimPoint {
    /// A point of the catalogue.
    pub(super) fn from_real(point: &RecoveryPoint) -> Self {
        let continuous = (point.source == PointSource::Continuous).then(|| SimWindow {
            days: Lifecycle::CONTINUOUS_DAYS,
            until: (point.status == "STOPPED")
                .then_some(point.completed_at)
                .flatten(),
        });
        Self {
            arn: Some(point.arn.clone()),
            resource: point.resource_arn.clone(),
            resource_type: point.resource_type.clone(),
            account: point.account.clone(),
            region: point.region.clone(),
            vault: point.vault.clone(),
            plan_id: point.plan_id.clone(),
            rule: None,
            created_at: point.created_at,
            exists_from: point.completed_at.unwrap_or(point.created_at),
            cold_at: match point.tier {
                Tier::Cold => Some(point.cold_at.unwrap_or(point.created_at)),
                Tier::Warm => point.cold_at,
            },
            delete_at: point.delete_at,
            copy: point.is_copy(),
            continuous,
            stuck: point.status == "EXPIRED",
            size_bytes: point.size_bytes,
        }
    }

    /// When it goes; none for never.
    pub fn gone_at(&self) -> Option<Timestamp> {
        if self.stuck {
            return None;
        }
        self.delete_at.map(|at| at.max(self.exists_from))
    }

    /// When it lies in cold storage from; none for never.
    pub fn cold_from(&self) -> Option<Timestamp> {
        let at = self.cold_at?.max(self.exists_from);
        self.gone_at().is_none_or(|gone| at < gone).then_some(at)
    }

    /// Whether it is there at a moment.
    pub fn exists_at(&self, moment: Timestamp) -> bool {
        self.exists_from <= moment && self.gone_at().is_none_or(|gone| moment < gone)
    }

    /// Its tier at a moment at which it exists.
    pub fn tier_at(&self, moment: Timestamp) -> Tier {
        match self.cold_from() {
            Some(at) if at <= moment => Tier::Cold,
            _ => Tier::Warm,
        }
    }
}

/// A job that is sure not to make a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimFailure {
    /// When the rule fires.
    pub at: Timestamp,
    /// Resource.
    pub resource: Arn,
    /// Plan.
    pub plan_id: String,
    /// Rule.
    pub rule: String,
    /// What happens.
    pub kind: SimFailureKind,
    /// Why.
    pub why: String,
}

/// How a job ends that makes no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimFailureKind {
    /// It could not start within its start window.
    Missed,
    /// It failed.
    Failed,
    /// It did not end within its completion window.
    Aborted,
    /// The copy of its point failed.
    CopyFailed,
}

/// Days after a moment; none beyond the end of time.
pub(super) fn days_after(from: Timestamp, days: i64) -> Option<Timestamp> {
    from.checked_add(spans::days(days)).ok()
}
