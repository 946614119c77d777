use serde_json::json;
use tidemark_domain::plan::BackupPlan;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, PlanMade},
};

use super::{
    update_plan::{bare, made, without_ids},
    whole::{document, with_body},
};
use crate::access::Access;

const OPERATION: Call = Call::CreateBackupPlan;

/// `CreateBackupPlan`. The token is the `CreatorRequestId`: a repeated call answers the first plan.
pub(crate) async fn create_plan(
    access: &Access,
    plan: &BackupPlan,
    token: &str,
) -> Result<PlanMade, CloudError> {
    let mut body = json!({
        "BackupPlan": document(OPERATION, &without_ids(plan))?,
        "CreatorRequestId": token,
    });
    if let Some(tags) = plan.tags().filter(|tags| !tags.is_empty()) {
        body[BackupPlan::TAGS] = json!(tags);
    }
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .create_backup_plan()
                .set_backup_plan(bare(plan))
                .creator_request_id(token)
                .customize()
                .mutate_request(with_body(&body))
                .send()
        })
        .await?;
    made(
        OPERATION,
        answer.backup_plan_id(),
        answer.backup_plan_arn(),
        answer.version_id(),
    )
}
