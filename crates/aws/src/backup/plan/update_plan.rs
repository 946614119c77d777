use aws_sdk_backup::types::BackupPlanInput;
use serde_json::json;
use tidemark_domain::plan::BackupPlan;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, PlanMade},
};

use super::{
    tags::put_plan_tags,
    whole::{document, with_body},
};
use crate::{access::Access, convert};

const OPERATION: Call = Call::UpdateBackupPlan;

/// `UpdateBackupPlan`: makes a new version of the plan. Its tags are set beside it.
pub(crate) async fn update_plan(
    access: &Access,
    id: &str,
    plan: &BackupPlan,
) -> Result<PlanMade, CloudError> {
    let body = json!({"BackupPlan": document(OPERATION, &without_ids(plan))?});
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .update_backup_plan()
                .backup_plan_id(id)
                .set_backup_plan(bare(plan))
                .customize()
                .mutate_request(with_body(&body))
                .send()
        })
        .await?;
    let made = made(
        OPERATION,
        answer.backup_plan_id(),
        answer.backup_plan_arn(),
        answer.version_id(),
    )?;
    put_plan_tags(access, made.arn.as_str(), plan).await?;
    Ok(made)
}

/// As much of the plan as the SDK needs to make a request; what is sent is the whole plan.
pub(super) fn bare(plan: &BackupPlan) -> Option<BackupPlanInput> {
    BackupPlanInput::builder()
        .backup_plan_name(&plan.backup_plan_name)
        .set_rules(Some(Vec::new()))
        .build()
        .ok()
}

/// The plan as the API takes it: without the ids of its rules, which AWS gives anew, and without its tags,
/// which stand beside it.
pub(super) fn without_ids(plan: &BackupPlan) -> BackupPlan {
    let mut plan = plan.clone();
    plan.take_tags();
    for rule in &mut plan.rules {
        rule.other.remove("RuleId");
    }
    plan
}

pub(super) fn made(
    operation: Call,
    id: Option<&str>,
    arn: Option<&str>,
    version: Option<&str>,
) -> Result<PlanMade, CloudError> {
    let missing = || {
        CloudError::local(
            CloudErrorKind::Unexpected,
            operation,
            "the answer does not name the plan",
        )
    };
    Ok(PlanMade {
        id: id.ok_or_else(missing)?.to_owned(),
        arn: convert::arn(arn).ok_or_else(missing)?,
        version_id: version.ok_or_else(missing)?.to_owned(),
    })
}
