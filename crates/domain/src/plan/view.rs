use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupPlan, Finding, PlanKnowledge, PlanRecord, PlanSibling, PlannedRun};
use crate::{Job, ScopeState};

/// Everything that a plan's page shows but its versions and what it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanDetail {
    /// The plan as it was last read.
    pub record: PlanRecord,
    /// The account's alias.
    pub alias: String,
    /// State of its scope: how old all this is.
    pub scope: ScopeState,
    /// What is wrong with it as it stands, errors first.
    pub findings: Vec<Finding>,
    /// The next ten runs.
    pub next_runs: Vec<PlannedRun>,
    /// Plans of this name in other accounts and Regions, and in what they differ.
    pub siblings: Vec<PlanSibling>,
    /// Recovery points of the catalogue that it made.
    pub points: u64,
    /// Its newest jobs, of the last 30 days, newest first.
    pub jobs: Vec<Job>,
}

/// What the editor of a plan needs around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanContext {
    /// What the check of a draft looks at. Its vaults are those of the plan's account and Region, and
    /// every other that the console knows: copies may go there.
    pub knowledge: PlanKnowledge,
    /// ARNs of roles to choose from: AWS Backup's default, and those of the account's selections.
    pub roles: Vec<String>,
    /// State of the scope: how old all this is.
    pub scope: ScopeState,
    /// The account's alias.
    pub alias: String,
}

/// The next runs of a plan's rules after `now`, by time, at most `count`. Rules whose schedule or
/// zone cannot be read have none.
pub fn next_runs(plan: &BackupPlan, now: Timestamp, count: usize) -> Vec<PlannedRun> {
    let mut runs: Vec<PlannedRun> = Vec::new();
    for rule in &plan.rules {
        let Ok((cron, zone)) = rule.timing() else {
            continue;
        };
        runs.extend(cron.after(now, &zone).take(count).map(|at| PlannedRun {
            at,
            rule: rule.rule_name.clone(),
        }));
    }
    runs.sort_by(|a, b| (a.at, &a.rule).cmp(&(b.at, &b.rule)));
    runs.truncate(count);
    runs
}
