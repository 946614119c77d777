use aws_sdk_dynamodb::types::TableDescription;
use jiff::Timestamp;
use tidemark_domain::Arn;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, TableIdentity, TableMade, TableRestore},
};

use crate::{access::Access, convert};

/// `RestoreTableToPointInTime` or `RestoreTableFromBackup`. A taken name is a conflict: whether
/// the table there is our own is for the caller to find out.
pub(crate) async fn restore_table(
    access: &Access,
    restore: &TableRestore,
) -> Result<TableMade, CloudError> {
    let (created, name) = match restore {
        TableRestore::PointInTime { source, target, at } => {
            (to_point_in_time(access, source, target, *at).await?, target)
        }
        TableRestore::Backup { backup, target } => {
            (from_backup(access, backup, target).await?, target)
        }
    };
    let created = created.as_ref();
    let arn = match convert::arn(created.and_then(TableDescription::table_arn)) {
        Some(arn) => arn,
        None => access.arn("dynamodb", &format!("table/{name}"))?,
    };
    Ok(TableMade {
        arn,
        identity: TableIdentity {
            id: created
                .and_then(TableDescription::table_id)
                .map(str::to_owned),
            created_at: None,
        },
    })
}

async fn to_point_in_time(
    access: &Access,
    source: &Arn,
    target: &str,
    at: Timestamp,
) -> Result<Option<TableDescription>, CloudError> {
    // The name serves in the table's own account; another account's table needs its ARN.
    let own = source.account() == access.account.as_str();
    let name = own.then(|| source.name().to_owned());
    let arn = (!own).then(|| source.to_string());
    let answer = access
        .call(Call::RestoreTableToPointInTime, || {
            access
                .clients
                .dynamodb()
                .restore_table_to_point_in_time()
                .set_source_table_name(name.clone())
                .set_source_table_arn(arn.clone())
                .target_table_name(target)
                .restore_date_time(convert::seconds(at))
                .send()
        })
        .await?;
    Ok(answer.table_description)
}

async fn from_backup(
    access: &Access,
    backup: &Arn,
    target: &str,
) -> Result<Option<TableDescription>, CloudError> {
    let answer = access
        .call(Call::RestoreTableFromBackup, || {
            access
                .clients
                .dynamodb()
                .restore_table_from_backup()
                .backup_arn(backup.as_str())
                .target_table_name(target)
                .send()
        })
        .await?;
    Ok(answer.table_description)
}
