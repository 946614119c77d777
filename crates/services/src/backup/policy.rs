use super::run::BackupParams;
use crate::calls::{Call, SessionPolicy};

/// All that an on-demand backup may do: start, watch and stop jobs into one vault, and hand AWS Backup
/// one role.
pub(super) fn session_policy(params: &BackupParams) -> SessionPolicy {
    let BackupParams {
        account,
        region,
        request,
    } = params;
    let partition = request.resource.partition();
    let vault = format!(
        "arn:{partition}:backup:{region}:{account}:backup-vault:{}",
        request.vault
    );
    let policy = SessionPolicy::new(partition, account, region)
        .roles(request.service_role.as_deref())
        .allow(&[Call::StartBackupJob], &[vault])
        .allow_any(&[Call::DescribeBackupJob, Call::StopBackupJob]);
    if request.resource.service() == "dynamodb" {
        policy.allow(&[Call::StartAwsBackupJob], &[&request.resource])
    } else {
        policy
    }
}
