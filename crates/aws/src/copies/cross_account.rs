use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `DescribeGlobalSettings`: what the management account has set for the organization.
pub(super) async fn cross_account_backup(access: &Access) -> Result<bool, CloudError> {
    let answer = access
        .read(Call::DescribeGlobalSettings, || {
            access.clients.backup().describe_global_settings().send()
        })
        .await?;
    Ok(answer
        .global_settings()
        .and_then(|settings| settings.get("isCrossAccountBackupEnabled"))
        .is_some_and(|on| on == "true"))
}
