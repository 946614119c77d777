use std::collections::HashMap;

use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, RestoreStart},
};

use crate::access::Access;

const OPERATION: Call = Call::StartRestoreJob;

/// `StartRestoreJob`. A repeated call with the same token answers the same job.
pub(crate) async fn start_restore(
    access: &Access,
    start: &RestoreStart,
) -> Result<String, CloudError> {
    let metadata: HashMap<String, String> = start.metadata.clone().into_iter().collect();
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .start_restore_job()
                .recovery_point_arn(start.point.as_str())
                .resource_type(start.resource_type.as_str())
                .set_metadata(Some(metadata.clone()))
                .iam_role_arn(&start.service_role)
                .idempotency_token(&start.token)
                .send()
        })
        .await?;
    answer.restore_job_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no job id",
        )
    })
}
