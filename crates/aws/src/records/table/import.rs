use aws_sdk_dynamodb::types::{
    ImportStatus, InputCompressionType, InputFormat, S3BucketSource, TableCreationParameters,
};
use tidemark_records::ports::{ImportRequest, ImportState, PortError};

use super::{DynamoTable, shape::Shape};
use crate::{
    convert,
    records::caller::{invalid, unexpected},
};
use tidemark_services::calls::Call;

const START: Call = Call::ImportTable;
const LOOK: Call = Call::DescribeImport;

/// `ImportTable` of gzip-compressed DynamoDB JSON.
pub(super) async fn import(
    table: &DynamoTable,
    request: &ImportRequest,
) -> Result<String, PortError> {
    let bad = |what: &dyn ToString| invalid(START, &table.name, what.to_string());
    let shape = Shape::of(&request.like).map_err(|error| bad(&error))?;
    if shape.locals.is_some() {
        return Err(bad(
            &"an import makes no local secondary indexes: write the records instead",
        ));
    }
    let creation = TableCreationParameters::builder()
        .table_name(&table.name)
        .set_key_schema(Some(shape.keys))
        .set_attribute_definitions(Some(shape.attributes))
        .billing_mode(shape.billing)
        .set_provisioned_throughput(shape.throughput)
        .set_global_secondary_indexes(shape.globals)
        .set_sse_specification(shape.encryption)
        .build()
        .map_err(|error| bad(&error))?;
    let source = S3BucketSource::builder()
        .s3_bucket(&request.bucket)
        .s3_key_prefix(&request.prefix)
        .build()
        .map_err(|error| bad(&error))?;
    let answer = table
        .client
        .import_table()
        .s3_bucket_source(source)
        .input_format(InputFormat::DynamodbJson)
        .input_compression_type(InputCompressionType::Gzip)
        .table_creation_parameters(creation)
        .client_token(&request.token)
        .send()
        .await
        .map_err(|error| table.caller.error(START, &table.name, error))?;
    answer
        .import_table_description
        .and_then(|description| description.import_arn)
        .ok_or_else(|| unexpected(START, &table.name, "the answer names no import"))
}

/// `DescribeImport`.
pub(super) async fn import_state(
    table: &DynamoTable,
    import: &str,
) -> Result<ImportState, PortError> {
    let description = table
        .client
        .describe_import()
        .import_arn(import)
        .send()
        .await
        .map_err(|error| table.caller.error(LOOK, import, error))?
        .import_table_description
        .ok_or_else(|| unexpected(LOOK, import, "the answer describes no import"))?;
    let imported = u64::try_from(description.imported_item_count()).unwrap_or_default();
    Ok(match description.import_status() {
        Some(ImportStatus::Completed) => ImportState::Completed {
            imported,
            failed: convert::bytes(Some(description.error_count())).unwrap_or_default(),
        },
        Some(ImportStatus::Failed | ImportStatus::Cancelled | ImportStatus::Cancelling) => {
            ImportState::Failed {
                message: format!(
                    "{}: {}",
                    description.failure_code().unwrap_or("it was cancelled"),
                    description.failure_message().unwrap_or_default()
                ),
            }
        }
        _ => ImportState::Running { imported },
    })
}
