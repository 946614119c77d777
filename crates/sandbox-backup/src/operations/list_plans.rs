use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListBackupPlans",
    method: "GET",
    paths: &["/backup/plans", "/backup/plans/"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let include_deleted = call.boolean("includeDeleted")?.unwrap_or(false);
    let plans = call
        .engine
        .list_plans(&call.scope, include_deleted, &call.page()?);
    Ok(json::page("BackupPlansList", &plans, |plan| {
        json::plan(plan, plan.current())
    }))
}
