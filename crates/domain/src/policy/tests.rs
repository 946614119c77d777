#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod evaluating;
mod generated;
mod merging;
mod words;

use serde_json::{Value, json};

use super::*;
use crate::{
    Region, RoleArn,
    records::{BucketName, RecordsPrefix},
};

const INSTANCE: &str = "arn:aws:iam::222233334444:role/lb/InstanceRole-1";
const LAMBDA: &str = "arn:aws:iam::222233334444:role/LambdaRole-1";

fn role(arn: &str) -> RoleArn {
    RoleArn::parse(arn).unwrap()
}

fn bucket() -> BucketName {
    BucketName::parse("volumes-111122223333").unwrap()
}

fn region() -> Region {
    Region::parse("eu-central-1").unwrap()
}

fn none() -> RecordsPrefix {
    RecordsPrefix::parse("").unwrap()
}

fn exporters() -> Vec<Value> {
    statements(
        AccessTask::BlockStorage,
        &region(),
        &bucket(),
        &none(),
        &[role(INSTANCE), role(LAMBDA)],
    )
}

fn exporter_grants() -> Vec<Grant> {
    grants(
        AccessTask::BlockStorage,
        &region(),
        &bucket(),
        &none(),
        &[role(INSTANCE), role(LAMBDA)],
    )
}

fn policy(statements: &Value) -> Document {
    Document::read(&json!({"Version": "2012-10-17", "Statement": statements}).to_string()).unwrap()
}
