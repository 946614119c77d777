use aws_sdk_dynamodb::types::{
    PointInTimeRecoverySpecification, StreamSpecification, StreamViewType, Tag,
    TimeToLiveSpecification,
};
use tidemark_domain::TableSettings;
use tidemark_records::ports::PortError;

use super::{DynamoTable, create::wait_until_active, describe::sdk, settings::settings};
use crate::records::caller::invalid;
use tidemark_services::calls::Call;

/// Puts back what the table lacks, one setting after the other: DynamoDB changes one at a time.
pub(super) async fn put_settings(
    table: &DynamoTable,
    wanted: &TableSettings,
) -> Result<(), PortError> {
    let described = sdk(table).await?;
    let present = settings(table, &described).await?;
    if present.stream_view.is_none()
        && let Some(view) = &wanted.stream_view
    {
        stream(table, view).await?;
    }
    if wanted.deletion_protection && !present.deletion_protection {
        protection(table).await?;
    }
    if present.ttl_attribute.is_none()
        && let Some(attribute) = &wanted.ttl_attribute
    {
        time_to_live(table, attribute).await?;
    }
    if present.pitr_days.is_none()
        && let Some(days) = wanted.pitr_days
    {
        recovery(table, days).await?;
    }
    let tags: Vec<(&String, &String)> = wanted
        .tags
        .iter()
        .filter(|(name, value)| {
            // Tags of AWS's own cannot be given.
            !name.starts_with("aws:") && present.tags.get(*name) != Some(*value)
        })
        .collect();
    if !tags.is_empty() {
        tag(table, described.table_arn().unwrap_or_default(), &tags).await?;
    }
    Ok(())
}

async fn stream(table: &DynamoTable, view: &str) -> Result<(), PortError> {
    let operation = Call::UpdateTable;
    let specification = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(view))
        .build()
        .map_err(|error| invalid(operation, &table.name, error))?;
    table
        .client
        .update_table()
        .table_name(&table.name)
        .stream_specification(specification)
        .send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    wait_until_active(table).await
}

async fn protection(table: &DynamoTable) -> Result<(), PortError> {
    table
        .client
        .update_table()
        .table_name(&table.name)
        .deletion_protection_enabled(true)
        .send()
        .await
        .map_err(|error| table.caller.error(Call::UpdateTable, &table.name, error))?;
    wait_until_active(table).await
}

async fn time_to_live(table: &DynamoTable, attribute: &str) -> Result<(), PortError> {
    let operation = Call::UpdateTimeToLive;
    let specification = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(attribute)
        .build()
        .map_err(|error| invalid(operation, &table.name, error))?;
    table
        .client
        .update_time_to_live()
        .table_name(&table.name)
        .time_to_live_specification(specification)
        .send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    Ok(())
}

async fn recovery(table: &DynamoTable, days: i32) -> Result<(), PortError> {
    let operation = Call::UpdateContinuousBackups;
    let specification = PointInTimeRecoverySpecification::builder()
        .point_in_time_recovery_enabled(true)
        .recovery_period_in_days(days)
        .build()
        .map_err(|error| invalid(operation, &table.name, error))?;
    table
        .client
        .update_continuous_backups()
        .table_name(&table.name)
        .point_in_time_recovery_specification(specification)
        .send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    Ok(())
}

async fn tag(table: &DynamoTable, arn: &str, tags: &[(&String, &String)]) -> Result<(), PortError> {
    let operation = Call::DynamoDbTagResource;
    let mut call = table.client.tag_resource().resource_arn(arn);
    for (name, value) in tags {
        let tag = Tag::builder()
            .key(*name)
            .value(*value)
            .build()
            .map_err(|error| invalid(operation, &table.name, error))?;
        call = call.tags(tag);
    }
    call.send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    Ok(())
}
