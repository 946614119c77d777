use awsim_core::{RequestContext, ServiceHandler};
use serde_json::Value;

use super::{Check, dynamodb_actions};

/// The actions on resources that a call needs, under their IAM names.
pub(crate) fn checks_for(
    handler: &dyn ServiceHandler,
    operation: &str,
    input: &Value,
    ctx: &RequestContext,
) -> Vec<Check> {
    match ctx.service.as_str() {
        // GetCallerIdentity needs nothing; AssumeRole asks the trust policy itself.
        "sts" => Vec::new(),
        "dynamodb" => dynamodb_actions::checks(handler, operation, input, ctx),
        "backup" | "cloudformation" | "s3" | "iam" | "kms" => {
            let checks = from_handler(handler, operation, input, ctx);
            if checks.is_empty() {
                vec![Check::new(format!("{}:{operation}", ctx.service), "*")]
            } else {
                checks
            }
        }
        service => vec![Check::new(
            format!("{service}:{operation}"),
            resource_of(service, input, ctx),
        )],
    }
}

pub(super) fn from_handler(
    handler: &dyn ServiceHandler,
    operation: &str,
    input: &Value,
    ctx: &RequestContext,
) -> Vec<Check> {
    handler
        .iam_checks_with_context(operation, input, ctx)
        .into_iter()
        .map(|check| Check {
            action: check.action,
            resource: check.resource,
            context: check.context,
        })
        .collect()
}

fn resource_of(service: &str, input: &Value, ctx: &RequestContext) -> String {
    let named = |field: &str| {
        input
            .get(field)
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
    };
    let arn = |resource: String| {
        format!(
            "arn:aws:{service}:{}:{}:{resource}",
            ctx.region, ctx.account_id
        )
    };
    match service {
        "rds" => named("DBInstanceIdentifier")
            .map(|id| arn(format!("db:{id}")))
            .or_else(|| named("DBSnapshotIdentifier").map(|id| arn(format!("snapshot:{id}")))),
        "elasticfilesystem" => named("FileSystemId").map(|id| arn(format!("file-system/{id}"))),
        "memorydb" => named("ClusterName")
            .map(|name| arn(format!("cluster/{name}")))
            .or_else(|| named("SnapshotName").map(|name| arn(format!("snapshot/{name}")))),
        _ => None,
    }
    .unwrap_or_else(|| "*".to_owned())
}
