use awsim_core::{RequestContext, ServiceHandler};
use serde_json::Value;

use super::{Check, actions::from_handler};

/// What a restore writes through, besides its own action (Service Authorization Reference,
/// dependent actions of `RestoreTableToPointInTime`).
const RESTORE_DEPENDENTS: [&str; 7] = [
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
];

pub(super) fn checks(
    handler: &dyn ServiceHandler,
    operation: &str,
    input: &Value,
    ctx: &RequestContext,
) -> Vec<Check> {
    let text = |field: &str| input.get(field).and_then(Value::as_str);
    let action = format!("dynamodb:{operation}");
    let one = |resource: String| vec![Check::new(action.clone(), resource)];
    match operation {
        "BatchWriteItem" | "BatchGetItem" => input
            .get("RequestItems")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(serde_json::Map::keys)
            .map(|table| Check::new(action.clone(), table_arn(ctx, table)))
            .collect(),
        "TransactGetItems"
        | "TransactWriteItems"
        | "ExecuteStatement"
        | "BatchExecuteStatement"
        | "ExecuteTransaction" => from_handler(handler, operation, input, ctx),
        "RestoreTableToPointInTime" => {
            let source = text("SourceTableArn")
                .or_else(|| text("SourceTableName"))
                .map(|table| table_arn(ctx, table))
                .unwrap_or_default();
            let mut checks = vec![Check::new(action, source)];
            checks.extend(restore_target(text("TargetTableName"), ctx));
            checks
        }
        "RestoreTableFromBackup" => {
            let mut checks = vec![Check::new(
                action,
                text("BackupArn").unwrap_or_default().to_owned(),
            )];
            checks.extend(restore_target(text("TargetTableName"), ctx));
            checks
        }
        "ListTables" | "ListBackups" | "ListStreams" | "ListExports" | "ListImports"
        | "ListGlobalTables" | "DescribeLimits" | "DescribeEndpoints" => one("*".to_owned()),
        "GetShardIterator" | "DescribeStream" => one(text("StreamArn").unwrap_or("*").to_owned()),
        // The iterator starts with the stream's ARN: see the stream service.
        "GetRecords" => one(text("ShardIterator")
            .and_then(|iterator| iterator.split('|').next())
            .unwrap_or("*")
            .to_owned()),
        _ => {
            let resource = [
                "BackupArn",
                "ResourceArn",
                "ExportArn",
                "ImportArn",
                "TableArn",
            ]
            .into_iter()
            .find_map(text)
            .map(str::to_owned)
            .or_else(|| text("TableName").map(|table| table_arn(ctx, table)))
            .unwrap_or_else(|| "*".to_owned());
            one(resource)
        }
    }
}

fn restore_target<'a>(
    target: Option<&'a str>,
    ctx: &'a RequestContext,
) -> impl Iterator<Item = Check> + 'a {
    target.into_iter().flat_map(|target| {
        RESTORE_DEPENDENTS
            .into_iter()
            .map(|action| Check::new(action, table_arn(ctx, target)))
    })
}

/// ARN of a table given by name or by ARN.
fn table_arn(ctx: &RequestContext, table: &str) -> String {
    if table.starts_with("arn:") {
        table.to_owned()
    } else {
        format!(
            "arn:aws:dynamodb:{}:{}:table/{table}",
            ctx.region, ctx.account_id
        )
    }
}
