//! DynamoDB, one operation per file.

mod delete_table;
mod list_backups;
mod list_tables;
mod put_deletion_protection;
mod put_point_in_time_recovery;
mod put_stream;
mod put_time_to_live;
mod remove_stream;
mod restore_table;
mod table;
mod table_settings;
mod table_tags;
mod tag_table;

pub(crate) use delete_table::delete_table;
pub(crate) use list_backups::list_backups;
pub(crate) use list_tables::list_tables;
pub(crate) use put_deletion_protection::put_deletion_protection;
pub(crate) use put_point_in_time_recovery::put_point_in_time_recovery;
pub(crate) use put_stream::put_stream;
pub(crate) use put_time_to_live::put_time_to_live;
pub(crate) use remove_stream::remove_stream;
pub(crate) use restore_table::restore_table;
pub(crate) use table::table;
pub(crate) use table_settings::table_settings;
pub(crate) use table_tags::table_tags;
pub(crate) use tag_table::tag_table;

use aws_sdk_dynamodb::types::{
    PointInTimeRecoveryDescription, PointInTimeRecoveryStatus, TableDescription,
};
use tidemark_domain::PitrWindow;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{access::Access, convert};

/// `DescribeTable`; none when there is no such table.
async fn describe(access: &Access, name: &str) -> Result<Option<TableDescription>, CloudError> {
    let answer = access
        .read(Call::DescribeTable, || {
            access
                .clients
                .dynamodb()
                .describe_table()
                .table_name(name)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.table),
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// `DescribeContinuousBackups`, as far as it is about point-in-time recovery that is on.
async fn recovery(
    access: &Access,
    name: &str,
) -> Result<Option<PointInTimeRecoveryDescription>, CloudError> {
    let answer = access
        .read(Call::DescribeContinuousBackups, || {
            access
                .clients
                .dynamodb()
                .describe_continuous_backups()
                .table_name(name)
                .send()
        })
        .await?;
    Ok(answer
        .continuous_backups_description
        .and_then(|d| d.point_in_time_recovery_description)
        .filter(|d| d.point_in_time_recovery_status() == Some(&PointInTimeRecoveryStatus::Enabled)))
}

fn window(recovery: Option<&PointInTimeRecoveryDescription>) -> Option<PitrWindow> {
    let recovery = recovery?;
    Some(PitrWindow {
        earliest: convert::moment(recovery.earliest_restorable_date_time())?,
        latest: convert::moment(recovery.latest_restorable_date_time())?,
    })
}
