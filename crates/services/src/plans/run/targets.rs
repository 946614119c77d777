use serde_json::Value;
use tidemark_runs::parse_params;

use super::{DeleteParams, RolloutParams, SaveParams, plan_target};

/// The plans that a run of these parameters changes: what only one unfinished run may.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    if let Ok(save) = parse_params::<SaveParams>(params) {
        return vec![save.target()];
    }
    if let Ok(rollout) = parse_params::<RolloutParams>(params) {
        return rollout.targets.iter().map(SaveParams::target).collect();
    }
    match parse_params::<DeleteParams>(params) {
        Ok(DeleteParams { plan }) => vec![plan_target(&plan.account, &plan.region, &plan.id)],
        Err(_) => Vec::new(),
    }
}
