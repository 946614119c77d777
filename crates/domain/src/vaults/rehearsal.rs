use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Arn, Job, JobKind, Region, Vault,
    plan::{BackupRule, Lifecycle, PlanRecord, VaultLimits},
};

/// What a lock would do: which jobs it would fail, and which points lie outside its limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The limits that were tried.
    pub limits: VaultLimits,
    /// Every rule of every known plan that backs up or copies into the vault.
    pub rules: Vec<RehearsedRule>,
    /// Jobs into the vault that have not ended.
    pub jobs: Vec<RehearsedJob>,
    /// Points in the vault whose own retention lies outside the limits. They are not touched.
    pub points: OutsidePoints,
}

/// A rule that backs up or copies into the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedRule {
    /// It backs up into the vault, or copies.
    pub kind: JobKind,
    /// Account of the plan.
    pub account: AccountId,
    /// Region of the plan.
    pub region: Region,
    /// The plan's id.
    pub plan_id: String,
    /// The plan's name.
    pub plan: String,
    /// The rule's name.
    pub rule: String,
    /// Days for which its points are kept; none for forever.
    pub days: Option<i64>,
    /// Why its jobs would fail; none when they would not.
    pub refusal: Option<String>,
}

/// A job into the vault that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedJob {
    /// Its id.
    pub id: String,
    /// What kind of job.
    pub kind: JobKind,
    /// Account in which it runs.
    pub account: AccountId,
    /// Region in which it runs.
    pub region: Region,
    /// What it backs up, or what the point is of.
    pub resource: Option<Arn>,
    /// How it would end.
    pub fate: JobFate,
}

/// What a lock means for a job that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobFate {
    /// Its retention lies within the limits.
    Fits,
    /// Its retention lies outside: it may fail once the lock is set.
    Fails {
        /// Why.
        why: String,
    },
    /// AWS does not tell the retention of a job that no plan asked for.
    Unknown,
}

/// Points in a vault whose own retention lies outside of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsidePoints {
    /// Points in the vault, as the catalogue knows.
    pub points: u64,
    /// Kept for fewer days than the shortest retention.
    pub too_short: u64,
    /// Kept for more days than the longest retention, but not forever.
    pub too_long: u64,
    /// Kept forever, which a longest retention would not allow.
    pub forever: u64,
}

/// Half a day: a point's days are told by the moments of its creation and its deletion, which need not lie whole days
/// apart.
const SLACK: i64 = 43_200;
const DAY: i64 = 86_400;

impl OutsidePoints {
    /// From its creation to its deletion, what is kept for fewer seconds is kept too short, and what is kept for more is
    /// kept too long.
    pub fn bounds(limits: &VaultLimits) -> (Option<i64>, Option<i64>) {
        (
            limits.min_days.map(|days| days * DAY - SLACK),
            limits.max_days.map(|days| days * DAY + SLACK),
        )
    }

    /// All that lie outside of the limits.
    pub fn outside(&self, limits: &VaultLimits) -> u64 {
        let forever = limits.max_days.map_or(0, |_| self.forever);
        self.too_short + self.too_long + forever
    }
}

impl Rehearsal {
    /// Rules whose jobs would fail.
    pub fn failing(&self) -> impl Iterator<Item = &RehearsedRule> {
        self.rules.iter().filter(|rule| rule.refusal.is_some())
    }

    /// Jobs that have not ended and may fail.
    pub fn failing_jobs(&self) -> impl Iterator<Item = &RehearsedJob> {
        self.jobs
            .iter()
            .filter(|job| matches!(job.fate, JobFate::Fails { .. }))
    }
}

/// Tries limits on a vault, against the plans of every account and the jobs that have not ended.
pub fn rehearse(
    vault: &Vault,
    limits: &VaultLimits,
    plans: &[PlanRecord],
    jobs: &[Job],
    points: OutsidePoints,
) -> Rehearsal {
    let rules = plans
        .iter()
        .flat_map(|plan| plan.plan.rules.iter().map(move |rule| (plan, rule)))
        .flat_map(|(plan, rule)| {
            into_vault(vault, plan, rule).map(move |(kind, lifecycle)| RehearsedRule {
                kind,
                account: plan.account.clone(),
                region: plan.region.clone(),
                plan_id: plan.id.clone(),
                plan: plan.plan.backup_plan_name.clone(),
                rule: rule.rule_name.clone(),
                days: lifecycle.and_then(Lifecycle::delete_after),
                refusal: refusal(limits, lifecycle),
            })
        })
        .collect();
    let jobs = jobs
        .iter()
        .filter_map(|job| {
            Some(RehearsedJob {
                id: job.id.clone(),
                kind: job.kind,
                account: job.account.clone(),
                region: job.region.clone(),
                resource: job.resource_arn.clone(),
                fate: fate(vault, limits, plans, job)?,
            })
        })
        .collect();
    Rehearsal {
        limits: limits.clone(),
        rules,
        jobs,
        points,
    }
}

/// How a rule writes into the vault: by its backups, by copies, by neither or both.
fn into_vault<'a>(
    vault: &Vault,
    plan: &PlanRecord,
    rule: &'a BackupRule,
) -> impl Iterator<Item = (JobKind, Option<&'a Lifecycle>)> + use<'a> {
    let backs_up = plan.account == vault.account
        && plan.region == vault.region
        && rule.target_backup_vault_name == vault.name;
    let arn = vault.arn.to_string();
    let backup = backs_up.then_some((JobKind::Backup, rule.lifecycle.as_ref()));
    let copies = rule
        .copies()
        .iter()
        .filter(move |copy| copy.destination_backup_vault_arn == arn)
        .map(|copy| (JobKind::Copy, copy.lifecycle.as_ref()));
    backup.into_iter().chain(copies)
}

fn refusal(limits: &VaultLimits, lifecycle: Option<&Lifecycle>) -> Option<String> {
    limits.check(lifecycle).err().map(|wrong| wrong.rule)
}

/// How a job ends under the limits; none where it does not write into the vault. A job names its vault alone, which
/// may be one of the same name elsewhere.
fn fate(vault: &Vault, limits: &VaultLimits, plans: &[PlanRecord], job: &Job) -> Option<JobFate> {
    let here = job.account == vault.account && job.region == vault.region;
    let writes = match job.kind {
        JobKind::Backup => here,
        JobKind::Copy => true,
        JobKind::Restore => false,
    };
    if !writes || job.vault.as_deref() != Some(vault.name.as_str()) {
        return None;
    }
    let rule = plans
        .iter()
        .filter(|plan| {
            plan.account == job.account
                && plan.region == job.region
                && Some(plan.id.as_str()) == job.plan_id.as_deref()
        })
        .flat_map(|plan| plan.plan.rules.iter().map(move |rule| (plan, rule)))
        .find(|(_, rule)| rule.rule_id().is_some() && rule.rule_id() == job.rule_id.as_deref());
    let Some((plan, rule)) = rule else {
        return Some(JobFate::Unknown);
    };
    let (_, lifecycle) = into_vault(vault, plan, rule).find(|(kind, _)| *kind == job.kind)?;
    Some(match refusal(limits, lifecycle) {
        None => JobFate::Fits,
        Some(why) => JobFate::Fails { why },
    })
}
