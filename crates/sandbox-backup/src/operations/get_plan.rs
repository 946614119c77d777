use jiff::Timestamp;
use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetBackupPlan",
    method: "GET",
    paths: &[
        "/backup/plans/{backupPlanId}",
        "/backup/plans/{backupPlanId}/",
    ],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (plan, version) = call.engine.plan(
        &call.scope,
        &call.required("backupPlanId")?,
        call.text("versionId").as_deref(),
    )?;
    let mut output = json::plan(&plan, Some(&version));
    let preview = call
        .integer("MaxScheduledRunsPreview")?
        .unwrap_or(0)
        .clamp(0, 10);
    if let Value::Object(members) = &mut output {
        members.remove("BackupPlanName");
        // AWS answers the advanced settings beside the plan only (seen in answers of the service; the
        // model has them in both places).
        let mut document = version.document.clone();
        document.rest.remove("AdvancedBackupSettings");
        members.insert("BackupPlan".to_owned(), object!(document));
        if preview > 0 {
            let count = usize::try_from(preview).unwrap_or_default();
            let runs = call.engine.scheduled_runs(&version, call.now, count)?;
            members.insert(
                "ScheduledRunsPreview".to_owned(),
                runs.iter().map(run_preview).collect(),
            );
        }
    }
    Ok(output)
}

fn run_preview((at, rule_id, continuous): &(Timestamp, String, bool)) -> Value {
    object!({
        "ExecutionTime": json::epoch(*at),
        "RuleId": rule_id,
        "RuleExecutionType": if *continuous { "CONTINUOUS" } else { "SNAPSHOTS" },
    })
}
