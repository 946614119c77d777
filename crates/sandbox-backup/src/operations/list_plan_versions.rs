use serde_json::Value;

use crate::{
    error::BackupError,
    model::Page,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListBackupPlanVersions",
    method: "GET",
    paths: &[
        "/backup/plans/{backupPlanId}/versions",
        "/backup/plans/{backupPlanId}/versions/",
    ],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (plan, _) = call
        .engine
        .plan(&call.scope, &call.required("backupPlanId")?, None)?;
    let request = call.page()?;
    // Versions are listed newest first, numbered from the oldest.
    let upto = request.after_seq();
    let versions = Page::cut(
        plan.versions
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(index, version)| Some((u64::try_from(index).ok()?, version)))
            .filter(|(number, _)| *number < upto)
            .map(|(number, version)| (number, version.clone())),
        request.limit,
    );
    Ok(json::page("BackupPlanVersionsList", &versions, |version| {
        let mut member = json::plan(&plan, Some(version));
        if let (Value::Object(members), Some(deleted)) = (&mut member, version.deleted) {
            members.insert("DeletionDate".to_owned(), json::epoch(deleted));
        }
        member
    }))
}
