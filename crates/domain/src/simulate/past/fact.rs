use jiff::Timestamp;

use super::super::SimPlan;
use crate::{Arn, Job, JobKind, plan::BackupRule};

/// A plan whose past is looked at.
#[derive(Clone, Copy, Debug)]
pub struct PastPlan<'a> {
    /// The plan with its versions; its resources do not matter here.
    pub plan: &'a SimPlan,
    /// The resource's type is backed up continuously where a rule asks for it.
    pub continuous: bool,
}

/// A backup job, as far as it matters for the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFact {
    /// Id.
    pub id: String,
    /// What it backs up.
    pub resource: Arn,
    /// Status as AWS words it.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Point that it made.
    pub point: Option<Arn>,
    /// Plan that asked for it, where that is known.
    pub plan_id: Option<String>,
    /// `RuleId` of the rule that asked for it, where that is known.
    pub rule_id: Option<String>,
}

impl JobFact {
    /// A backup job of the catalogue; none for other kinds, and for jobs without a resource.
    pub fn of(job: &Job) -> Option<Self> {
        (job.kind == JobKind::Backup).then_some(())?;
        Some(Self {
            id: job.id.clone(),
            resource: job.resource_arn.clone()?,
            status: job.status.clone(),
            message: job.message.clone(),
            created_at: job.created_at,
            point: job.point_arn.clone(),
            plan_id: job.plan_id.clone(),
            rule_id: job.rule_id.clone(),
        })
    }

    /// Whether this plan's rule may have asked for it. What is not known on either side is no reason
    /// against it.
    pub(super) fn fits(&self, plan_id: &str, rule: &BackupRule) -> bool {
        let own = rule.rule_id();
        self.plan_id.as_deref().is_none_or(|id| id == plan_id)
            && self
                .rule_id
                .as_deref()
                .zip(own)
                .is_none_or(|(asked, own)| asked == own)
    }
}
