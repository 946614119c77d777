use serde_json::{Value, json};
use tidemark_domain::{SessionName, records::Capture};
use tidemark_records::states::Backup;

use super::{
    errors::records_error,
    open_backup::{index_of, paths_of, target},
};
use crate::{
    Caller, ServiceError, Services,
    policy_size::shrunk,
    ports::{RecordsAccess, SessionIdentity},
};

/// What a backup is opened for: no more is allowed to the session.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// Reading what is stored.
    Read,
    /// Comparing with the live table, which is read whole.
    CompareWithTable,
    /// Planning an undo: reads the table record by record, writes the plan into the bucket.
    PlanUndo {
        /// The plan's id.
        plan: String,
    },
    /// Looking at a plan and how far it has come.
    ReadPlan,
    /// Carrying a plan out.
    Undo {
        /// The plan's id.
        plan: String,
    },
}

/// Opens a backup for a person, with their name on it, and with no more rights than the purpose has.
pub(super) async fn open_for(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    purpose: &Purpose,
) -> Result<(Backup, RecordsAccess), ServiceError> {
    let access = access_for(services, caller, capture, purpose).await?;
    let backup = Backup::open(index_of(capture, &access))
        .await
        .map_err(records_error)?;
    Ok((backup, access))
}

/// The bucket and the table alone.
pub(super) async fn access_for(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    purpose: &Purpose,
) -> Result<RecordsAccess, ServiceError> {
    let session = SessionIdentity {
        session_name: SessionName::from_text(&format!("tidemark-records-{}", capture.id)),
        source_identity: Some(SessionName::from_text(&caller.name)),
        policy: Some(policy(capture, purpose)),
    };
    let target = target(services, capture, session).await?;
    Ok(services
        .records
        .open(&target, capture.table_name(), &capture.bucket)
        .await?)
}

/// The inline session policy for a purpose.
pub(super) fn policy(capture: &Capture, purpose: &Purpose) -> String {
    let paths = paths_of(capture);
    let bucket = format!("arn:{}:s3:::{}", capture.table.partition(), capture.bucket);
    let below = |prefix: &str| format!("{bucket}/{prefix}*");
    let plan_folder = |plan: &str| below(&paths.restore(plan));
    let all = json!([below(&paths.own()), below(&paths.objects())]);
    let mut statements = vec![to_list(capture)];
    let read = ["s3:GetObject", "s3:GetObjectVersion"];
    let table = json!(capture.table.as_str());
    match purpose {
        Purpose::Read | Purpose::ReadPlan => statements.push(allow(&read, &all)),
        Purpose::CompareWithTable => {
            statements.push(allow(&read, &all));
            // What does not fit into memory is sorted there.
            let work = format!("{}work/", paths.own());
            statements.push(allow(
                &["s3:PutObject", "s3:DeleteObject"],
                &json!(below(&work)),
            ));
            statements.push(allow(&[&DESCRIBE[..], &["dynamodb:Scan"]].concat(), &table));
            statements.push(allow(&SCALING, &json!("*")));
        }
        Purpose::PlanUndo { plan } => {
            statements.push(allow(&read, &all));
            statements.push(allow(&["s3:PutObject"], &json!(plan_folder(plan))));
            statements.push(allow(
                &[&DESCRIBE[..], &["dynamodb:GetItem"]].concat(),
                &table,
            ));
            statements.push(allow(&SCALING, &json!("*")));
        }
        Purpose::Undo { plan } => {
            statements.push(allow(
                &["s3:GetObject", "s3:PutObject"],
                &json!(plan_folder(plan)),
            ));
            statements.push(allow(
                &[
                    "dynamodb:DescribeTable",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:DeleteItem",
                ],
                &table,
            ));
        }
    }
    statements.push(through_keys());
    shrunk(json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}

/// The right to list: without it, S3 says of an object that is not there that it is denied.
pub(super) fn to_list(capture: &Capture) -> Value {
    let bucket = format!("arn:{}:s3:::{}", capture.table.partition(), capture.bucket);
    allow(&["s3:ListBucket", "s3:ListBucketVersions"], &json!(bucket))
}

/// What lies encrypted under keys of the account's own.
pub(super) fn through_keys() -> Value {
    json!({
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringLike": {"kms:ViaService": ["s3.*", "dynamodb.*"]}},
    })
}

/// The same, and what DynamoDB asks for to encrypt a new table with such a key (Developer Guide,
/// "DynamoDB encryption at rest: usage notes").
pub(super) fn with_keys_for_a_table() -> Value {
    json!({
        "Effect": "Allow",
        "Action": [
            "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",
            "kms:DescribeKey", "kms:CreateGrant",
        ],
        "Resource": "*",
        "Condition": {"StringLike": {"kms:ViaService": ["s3.*", "dynamodb.*"]}},
    })
}

/// What describing a table reads.
const DESCRIBE: [&str; 4] = [
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:ListTagsOfResource",
];

/// Auto scaling knows no ARNs for reading.
const SCALING: [&str; 1] = ["application-autoscaling:Describe*"];

fn allow(actions: &[&str], resources: &Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}
