use aws_sdk_dynamodb::types::{ExportFormat, ExportStatus};
use tidemark_records::ports::{Export, ExportState, PortError};

use super::{DynamoTable, describe::sdk};
use crate::{convert, records::caller::unexpected};
use tidemark_services::calls::Call;

const START: Call = Call::ExportTableToPointInTime;
const LOOK: Call = Call::DescribeExport;

/// `ExportTableToPointInTime` of the whole table in DynamoDB JSON.
pub(super) async fn export(table: &DynamoTable, request: &Export) -> Result<String, PortError> {
    let described = sdk(table).await?;
    let answer = table
        .client
        .export_table_to_point_in_time()
        .table_arn(described.table_arn().unwrap_or_default())
        .set_export_time(request.at.map(convert::seconds))
        .s3_bucket(&request.bucket)
        .s3_prefix(&request.prefix)
        .export_format(ExportFormat::DynamodbJson)
        .client_token(&request.token)
        .send()
        .await
        .map_err(|error| table.caller.error(START, &table.name, error))?;
    answer
        .export_description
        .and_then(|description| description.export_arn)
        .ok_or_else(|| unexpected(START, &table.name, "the answer names no export"))
}

/// `DescribeExport`.
pub(super) async fn export_state(
    table: &DynamoTable,
    export: &str,
) -> Result<ExportState, PortError> {
    let description = table
        .client
        .describe_export()
        .export_arn(export)
        .send()
        .await
        .map_err(|error| table.caller.error(LOOK, export, error))?
        .export_description
        .ok_or_else(|| unexpected(LOOK, export, "the answer describes no export"))?;
    Ok(match description.export_status() {
        Some(ExportStatus::Completed) => ExportState::Completed {
            manifest: description.export_manifest().unwrap_or_default().to_owned(),
            items: convert::bytes(description.item_count()).unwrap_or_default(),
        },
        Some(ExportStatus::Failed) => ExportState::Failed {
            message: format!(
                "{}: {}",
                description.failure_code().unwrap_or("no code"),
                description.failure_message().unwrap_or_default()
            ),
        },
        _ => ExportState::Running,
    })
}
