use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{
    PointInTimeRecoveryStatus, TableDescription as SdkTable, TimeToLiveStatus,
};
use tidemark_domain::TableSettings;
use tidemark_records::ports::{PortError, PortErrorKind};

use super::DynamoTable;
use tidemark_services::calls::Call;

/// What a restore loses of a table: stream, time to live, tags, point-in-time recovery, deletion
/// protection. Whoever may not read one of them gets a warning in the log, and the rest: a backup
/// must not stop for it.
pub(super) async fn settings(
    table: &DynamoTable,
    described: &SdkTable,
) -> Result<TableSettings, PortError> {
    let (ttl_attribute, tags, pitr_days) = futures::try_join!(
        async { known(time_to_live(table).await) },
        async { known(tags(table, described.table_arn().unwrap_or_default()).await) },
        async { known(recovery(table).await) },
    )?;
    Ok(TableSettings {
        stream_view: described
            .stream_specification()
            .filter(|stream| stream.stream_enabled())
            .and_then(|stream| stream.stream_view_type())
            .map(|view| view.as_str().to_owned()),
        ttl_attribute,
        tags,
        pitr_days,
        scaling: Vec::new(),
        deletion_protection: described.deletion_protection_enabled() == Some(true),
    })
}

fn known<T: Default>(answer: Result<T, PortError>) -> Result<T, PortError> {
    match answer {
        Err(error) if error.is_retryable() => Err(error),
        Err(error) if error.kind == PortErrorKind::NotFound => Err(error),
        Err(error) => {
            tracing::warn!(%error, "A setting of the table cannot be read; the backup does not know it.");
            Ok(T::default())
        }
        answer => answer,
    }
}

async fn time_to_live(table: &DynamoTable) -> Result<Option<String>, PortError> {
    let operation = Call::DescribeTimeToLive;
    let answer = table
        .client
        .describe_time_to_live()
        .table_name(&table.name)
        .send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    Ok(answer
        .time_to_live_description
        .filter(|description| {
            matches!(
                description.time_to_live_status(),
                Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
            )
        })
        .and_then(|description| description.attribute_name))
}

async fn tags(table: &DynamoTable, arn: &str) -> Result<BTreeMap<String, String>, PortError> {
    let operation = Call::DynamoDbListTags;
    let mut tags = BTreeMap::new();
    let mut token: Option<String> = None;
    loop {
        let answer = table
            .client
            .list_tags_of_resource()
            .resource_arn(arn)
            .set_next_token(token.clone())
            .send()
            .await
            .map_err(|error| table.caller.error(operation, &table.name, error))?;
        tags.extend(
            answer
                .tags
                .unwrap_or_default()
                .into_iter()
                .map(|tag| (tag.key, tag.value)),
        );
        match answer.next_token.filter(|next| !next.is_empty()) {
            Some(next) if Some(&next) != token.as_ref() => token = Some(next),
            _ => return Ok(tags),
        }
    }
}

async fn recovery(table: &DynamoTable) -> Result<Option<i32>, PortError> {
    let operation = Call::DescribeContinuousBackups;
    let answer = table
        .client
        .describe_continuous_backups()
        .table_name(&table.name)
        .send()
        .await
        .map_err(|error| table.caller.error(operation, &table.name, error))?;
    Ok(answer
        .continuous_backups_description
        .and_then(|description| description.point_in_time_recovery_description)
        .filter(|recovery| {
            recovery.point_in_time_recovery_status() == Some(&PointInTimeRecoveryStatus::Enabled)
        })
        // Before the period could be chosen it was 35 days.
        .map(|recovery| recovery.recovery_period_in_days().unwrap_or(35)))
}
