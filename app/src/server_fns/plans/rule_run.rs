use leptos::prelude::*;
use tidemark_domain::plan::RuleRun;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// What running a rule now would start.
#[server(name = PlanRuleRun, endpoint = "plans/rule_run", input = Json, output = Json)]
pub async fn plan_rule_run(
    /// Which plan.
    plan: PlanAddress,
    /// Name of the rule.
    rule: String,
) -> Result<RuleRun, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::rule_run(&console.services, &caller, &key, &rule).await?)
}
