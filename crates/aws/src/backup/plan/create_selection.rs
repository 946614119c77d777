use aws_sdk_backup::types::BackupSelection as Bare;
use serde_json::json;
use tidemark_domain::selection::BackupSelection;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::whole::{document, with_body};
use crate::access::Access;

const OPERATION: Call = Call::CreateBackupSelection;

/// `CreateBackupSelection`; answers its id. The token is the `CreatorRequestId`.
pub(crate) async fn create_selection(
    access: &Access,
    plan_id: &str,
    selection: &BackupSelection,
    token: &str,
) -> Result<String, CloudError> {
    let bare = Bare::builder()
        .selection_name(&selection.selection_name)
        .iam_role_arn(&selection.iam_role_arn)
        .build()
        .ok();
    let body = json!({
        "BackupSelection": document(OPERATION, selection)?,
        "CreatorRequestId": token,
    });
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .create_backup_selection()
                .backup_plan_id(plan_id)
                .set_backup_selection(bare.clone())
                .creator_request_id(token)
                .customize()
                .mutate_request(with_body(&body))
                .send()
        })
        .await?;
    answer.selection_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no selection id",
        )
    })
}
