//! A block storage cluster whose exporters write to a bucket of another account and Region: stacks nested
//! three deep hold the exporters' roles, as such a vendor's template makes them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    accounts::{FRANKFURT, IRELAND, MEDIA, RECOVERY},
    seeder::Seeder,
};
use crate::{
    error::SandboxError,
    services::cloudformation::{NewStack, StackResource},
};

/// The bucket that the cluster is to export to.
const BUCKET: &str = "volume-archive-444444444444";

/// Path of the exporters' roles.
const PATH: &str = "/block-storage/";

/// Names as CloudFormation makes them up.
const INSTANCE_ROLE: &str = "block-storage-exporters-InstanceRole-1XQ8TAB3F0KDE";
const LAMBDA_ROLE: &str = "block-storage-exporters-LambdaRole-9PLM2C7YV51N";

/// The account's stacks, the exporters' roles and the bucket with a policy that somebody else wrote.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    let account = format!("arn:aws:iam::{}:root", MEDIA.account_id);
    // The instances' role lets itself be tried; that of the function is for Lambda alone.
    role(
        seeder,
        INSTANCE_ROLE,
        &json!([
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
            {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"},
        ]),
        true,
    )
    .await?;
    role(
        seeder,
        LAMBDA_ROLE,
        &json!([{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]),
        false,
    )
    .await?;
    stacks(seeder);
    bucket(seeder).await
}

async fn role(
    seeder: &Seeder<'_>,
    name: &str,
    trust: &serde_json::Value,
    may_be_tried: bool,
) -> Result<(), SandboxError> {
    let iam =
        async |operation: &str, input| seeder.call(&MEDIA, IRELAND, "iam", operation, input).await;
    let mut new = json!({
        "RoleName": name,
        "Path": PATH,
        "AssumeRolePolicyDocument": json!({"Version": "2012-10-17", "Statement": trust}).to_string(),
    });
    if may_be_tried {
        new["Tags"] = json!([{"Key": "tidemark:prove-access", "Value": "allowed"}]);
    }
    iam("CreateRole", new).await?;
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::volume-archive-*/*",
        }],
    });
    iam(
        "PutRolePolicy",
        json!({"RoleName": name, "PolicyName": "export", "PolicyDocument": policy.to_string()}),
    )
    .await?;
    Ok(())
}

fn stacks(seeder: &Seeder<'_>) {
    let made = |logical: &str, physical: &str, kind: &str| StackResource {
        logical_id: logical.to_owned(),
        physical_id: physical.to_owned(),
        resource_type: kind.to_owned(),
    };
    let at = seeder.gateway.clock.now();
    let stack = |name, parent, resources| {
        let new = NewStack {
            account: MEDIA.account_id,
            region: IRELAND,
            name,
            parent,
            status: "CREATE_COMPLETE",
            resources,
        };
        seeder.gateway.stacks.add(new, at)
    };
    let root = stack("block-storage", None, Vec::new());
    stack(
        "block-storage-network-1B6TQ2",
        Some(&root),
        vec![made(
            "ClusterSecurityGroup",
            "sg-0a1b2c3d",
            "AWS::EC2::SecurityGroup",
        )],
    );
    let cluster = stack("block-storage-cluster-8RW0ZD", Some(&root), Vec::new());
    stack(
        "block-storage-exporters-4KE7MJ",
        Some(&cluster),
        vec![
            made("InstanceRole", INSTANCE_ROLE, "AWS::IAM::Role"),
            made(
                "InstanceProfile",
                INSTANCE_ROLE,
                "AWS::IAM::InstanceProfile",
            ),
            made("LambdaRole", LAMBDA_ROLE, "AWS::IAM::Role"),
            made(
                "RetentionFunction",
                "block-storage-retention",
                "AWS::Lambda::Function",
            ),
        ],
    );
}

async fn bucket(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    let s3 = async |operation: &str, input| {
        seeder
            .call(&RECOVERY, FRANKFURT, "s3", operation, input)
            .await
    };
    s3(
        "CreateBucket",
        json!({
            "Bucket": BUCKET,
            "CreateBucketConfiguration": {"LocationConstraint": FRANKFURT},
        }),
    )
    .await?;
    s3(
        "PutBucketVersioning",
        json!({"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}),
    )
    .await?;
    s3(
        "PutBucketTagging",
        json!({"Bucket": BUCKET, "Tagging": {"TagSet": {"Tag": [
            {"Key": "team", "Value": "platform"},
            {"Key": "backup", "Value": "never"},
        ]}}}),
    )
    .await?;
    let policy = format!(
        r#"{{
  "Version": "2012-10-17",
  "Id": "archive-baseline",
  "Statement": {{
    "Sid": "OnlyOverTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::{BUCKET}", "arn:aws:s3:::{BUCKET}/*"],
    "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}
  }}
}}"#
    );
    s3(
        "PutBucketPolicy",
        json!({"Bucket": BUCKET, "__raw_body": STANDARD.encode(policy)}),
    )
    .await?;
    Ok(())
}
