use std::collections::HashMap;

use aws_sdk_backup::types::Lifecycle;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, RuleBackupStart},
};

use crate::access::Access;

const OPERATION: Call = Call::StartBackupJob;

/// `StartBackupJob` with the vault, windows, lifecycle and tags of a rule. A repeated call with the
/// same token answers the same job.
pub(crate) async fn start_rule_backup(
    access: &Access,
    start: &RuleBackupStart,
) -> Result<String, CloudError> {
    let rule = &start.rule;
    let lifecycle = rule.lifecycle.as_ref().map(|lifecycle| {
        Lifecycle::builder()
            .set_move_to_cold_storage_after_days(lifecycle.cold_after())
            .set_delete_after_days(lifecycle.delete_after())
            .set_opt_in_to_archive_for_supported_resources(
                lifecycle.opt_in_to_archive_for_supported_resources,
            )
            .build()
    });
    let tags: Option<HashMap<String, String>> = rule
        .recovery_point_tags
        .clone()
        .map(|tags| tags.into_iter().collect());
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .start_backup_job()
                .backup_vault_name(&rule.target_backup_vault_name)
                .resource_arn(start.resource.as_str())
                .iam_role_arn(&start.service_role)
                .idempotency_token(&start.token)
                .set_start_window_minutes(rule.start_window_minutes)
                .set_complete_window_minutes(rule.completion_window_minutes)
                .set_lifecycle(lifecycle.clone())
                .set_recovery_point_tags(tags.clone())
                .send()
        })
        .await?;
    answer.backup_job_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no job id",
        )
    })
}
