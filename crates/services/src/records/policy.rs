//! Session policies of record-level backups: one table, one place in one bucket, and nothing else.
//! STS takes at most 2,048 characters, so actions share statements.

use serde_json::{Value, json};
use tidemark_domain::{Arn, Invalid, records::Capture};
use tidemark_records::index::BackupPaths;

use super::opened::through_keys;
use crate::policy_size::{Fitted, fit, shrunk};

/// What tells of a table, so that it can be made anew.
const DESCRIBE_TABLE: [&str; 4] = [
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:ListTagsOfResource",
];

/// A bucket, and the objects in it that belong to one table's backup.
pub(crate) struct Place {
    partition: String,
    bucket: String,
    own: String,
    objects: String,
}

impl Place {
    /// The place of a capture.
    pub(crate) fn of(capture: &Capture) -> Self {
        Self::at(&capture.table, &capture.bucket, &capture.prefix)
    }

    /// The place of a table's backup below a prefix.
    pub(crate) fn at(table: &Arn, bucket: &str, prefix: &str) -> Self {
        let paths = BackupPaths::new(prefix, table.name());
        Self {
            partition: table.partition().to_owned(),
            bucket: bucket.to_owned(),
            own: paths.own(),
            objects: paths.objects(),
        }
    }

    /// ARN of the bucket.
    pub(crate) fn bucket(&self) -> String {
        format!("arn:{}:s3:::{}", self.partition, self.bucket)
    }

    /// ARNs of its objects.
    pub(crate) fn objects(&self) -> [String; 2] {
        let bucket = self.bucket();
        [
            format!("{bucket}/{}*", self.own),
            format!("{bucket}/{}*", self.objects),
        ]
    }
}

/// Reads a backup, and the table beside it.
pub(crate) fn read(capture: &Capture) -> String {
    let place = Place::of(capture);
    document(&[
        read_table(&capture.table),
        auto_scaling(),
        list_bucket(&place),
        on_objects(&place, &["s3:GetObject", "s3:GetObjectVersion"]),
        through_keys(),
    ])
}

/// Follows the table's stream and writes the backup; also a backfill and a proof.
pub(crate) fn capture(capture: &Capture) -> String {
    document(&capturing(capture))
}

/// Sets the bucket and the stream up, then captures.
pub(crate) fn setup(capture: &Capture, changes: &[&str]) -> Result<Fitted, Invalid> {
    let place = Place::of(capture);
    let mut statements = capturing(capture);
    let mut actions = vec![
        "s3:GetBucketLocation",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketPolicy",
    ];
    actions.extend(changes.iter().filter(|action| action.starts_with("s3:")));
    statements.push(allow(&actions, &json!(place.bucket())));
    if changes.contains(&"dynamodb:UpdateTable") {
        statements.push(allow(&["dynamodb:UpdateTable"], &json!(capture.table)));
    }
    fit(&whole(&statements))
}

fn capturing(capture: &Capture) -> Vec<Value> {
    let place = Place::of(capture);
    vec![
        read_table(&capture.table),
        auto_scaling(),
        allow(
            &[
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
            ],
            &json!(format!("{}/stream/*", capture.table)),
        ),
        list_bucket(&place),
        on_objects(
            &place,
            &[
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject",
                "s3:DeleteObject",
            ],
        ),
        through_keys(),
    ]
}

fn read_table(table: &Arn) -> Value {
    let mut actions = DESCRIBE_TABLE.to_vec();
    actions.extend(["dynamodb:Scan", "dynamodb:GetItem"]);
    allow(&actions, &json!(table))
}

/// Auto scaling knows no ARNs for reading.
fn auto_scaling() -> Value {
    allow(&["application-autoscaling:Describe*"], &json!("*"))
}

fn list_bucket(place: &Place) -> Value {
    allow(
        &[
            "s3:ListBucket",
            "s3:ListBucketVersions",
            "s3:GetBucketVersioning",
        ],
        &json!(place.bucket()),
    )
}

fn on_objects(place: &Place, actions: &[&str]) -> Value {
    allow(actions, &json!(place.objects()))
}

fn allow(actions: &[&str], resource: &Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

fn document(statements: &[Value]) -> String {
    shrunk(whole(statements))
}

fn whole(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}
