use serde_json::Value;
use tidemark_domain::plan::PlanRecord;
use tidemark_runs::parse_params;

use super::{DeleteParams, RolloutParams, SaveParams, plan_target};

/// The plans that a run of these parameters changes: what only one unfinished run may.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    if let Ok(save) = parse_params::<SaveParams>(params) {
        return save.targets();
    }
    if let Ok(rollout) = parse_params::<RolloutParams>(params) {
        return rollout
            .targets
            .iter()
            .flat_map(SaveParams::targets)
            .collect();
    }
    match parse_params::<DeleteParams>(params) {
        Ok(DeleteParams { plan }) => targets_of_deletion(&plan),
        Err(_) => Vec::new(),
    }
}

/// The plan, and its name: nobody makes another of it, or changes this one, while it is deleted.
pub(crate) fn targets_of_deletion(plan: &PlanRecord) -> Vec<String> {
    [plan.id.as_str(), plan.plan.backup_plan_name.as_str()]
        .map(|name| plan_target(&plan.account, &plan.region, name))
        .to_vec()
}
