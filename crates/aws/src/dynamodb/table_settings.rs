use aws_sdk_dynamodb::types::TimeToLiveStatus;
use tidemark_domain::TableSettings;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::{describe, recovery, table_tags};
use crate::{access::Access, convert, scaling};

/// Everything that a restore would lose: stream, TTL, tags, PITR, auto scaling, protection.
pub(crate) async fn table_settings(
    access: &Access,
    name: &str,
) -> Result<TableSettings, CloudError> {
    let table = describe(access, name).await?.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::NotFound,
            Call::DescribeTable,
            format!("there is no table {name}"),
        )
    })?;
    let arn = convert::arn(table.table_arn())
        .map_or_else(|| access.arn("dynamodb", &format!("table/{name}")), Ok)?;
    let (ttl_attribute, tags, recovery, scaling) = futures::try_join!(
        time_to_live(access, name),
        table_tags(access, &arn),
        recovery(access, name),
        scaling::read_scaling(access, &table)
    )?;
    Ok(TableSettings {
        stream_view: table
            .stream_specification()
            .filter(|s| s.stream_enabled())
            .and_then(|s| s.stream_view_type())
            .map(|v| v.as_str().to_owned()),
        ttl_attribute,
        tags,
        // Before the period could be chosen it was 35 days.
        pitr_days: recovery.map(|r| r.recovery_period_in_days().unwrap_or(35)),
        scaling,
        deletion_protection: table.deletion_protection_enabled() == Some(true),
    })
}

/// `DescribeTimeToLive`: the attribute, when it is on or being turned on.
pub(super) async fn time_to_live(
    access: &Access,
    name: &str,
) -> Result<Option<String>, CloudError> {
    let answer = access
        .read(Call::DescribeTimeToLive, || {
            access
                .clients
                .dynamodb()
                .describe_time_to_live()
                .table_name(name)
                .send()
        })
        .await?;
    Ok(answer
        .time_to_live_description
        .filter(|d| {
            matches!(
                d.time_to_live_status(),
                Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
            )
        })
        .and_then(|d| d.attribute_name))
}
