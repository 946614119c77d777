use aws_sdk_backup::types::RecoveryPointByBackupVault;
use tidemark_domain::{PointSource, RecoveryPoint, ResourceType, Tier, Vault};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
};

/// Every recovery point of a vault (`ListRecoveryPointsByBackupVault`, 1,000 per page).
pub(crate) async fn list_points(
    access: &Access,
    vault: &Vault,
) -> Result<Vec<RecoveryPoint>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListRecoveryPointsByBackupVault, || {
                access
                    .clients
                    .backup()
                    .list_recovery_points_by_backup_vault()
                    .backup_vault_name(&vault.name)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let points = page
            .recovery_points()
            .iter()
            .filter_map(|p| point(access, vault, p))
            .collect();
        Ok((points, page.next_token))
    })
    .await
}

fn point(
    access: &Access,
    vault: &Vault,
    point: &RecoveryPointByBackupVault,
) -> Option<RecoveryPoint> {
    let arn = convert::arn(point.recovery_point_arn())?;
    let cold_at = point
        .calculated_lifecycle()
        .and_then(|l| convert::moment(l.move_to_cold_storage_at()));
    // AWS names a continuous point in its ARN and nowhere else in this list.
    let source = if arn.resource().contains("continuous:") {
        PointSource::Continuous
    } else {
        PointSource::AwsBackup
    };
    Some(RecoveryPoint {
        resource_arn: convert::arn(point.resource_arn())?,
        resource_type: ResourceType::from(point.resource_type().unwrap_or("unknown")),
        account: access.account.clone(),
        region: access.region.clone(),
        vault: Some(vault.name.clone()),
        source,
        status: point.status().map_or("", |s| s.as_str()).to_owned(),
        status_message: point.status_message().map(str::to_owned),
        created_at: convert::moment(point.creation_date())?,
        completed_at: convert::moment(point.completion_date()),
        size_bytes: convert::bytes(point.backup_size_in_bytes()),
        // The list does not tell the storage class; the transition date does. AWS calculates one
        // only for types that can go cold.
        tier: if cold_at.is_some_and(|at| at <= access.now) {
            Tier::Cold
        } else {
            Tier::Warm
        },
        cold_at,
        delete_at: point
            .calculated_lifecycle()
            .and_then(|l| convert::moment(l.delete_at())),
        locked: vault.locked,
        held: false,
        copied_from: None,
        copied_from_vault: convert::arn(point.source_backup_vault_arn()),
        parent: convert::arn(point.parent_recovery_point_arn()),
        plan_id: point
            .created_by()
            .and_then(|c| c.backup_plan_id())
            .map(str::to_owned),
        rule_id: point
            .created_by()
            .and_then(|c| c.backup_rule_id())
            .map(str::to_owned),
        arn,
    })
}
