use serde_json::{Value, json};
use tidemark_domain::{Account, AccountId, Privilege};

use super::get::find;
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Stands for the console's own account while nobody can tell which that is. It belongs to whoever AWS
/// gives it, so nothing may trust it.
pub const UNKNOWN_ACCOUNT: &str = "000000000000";

/// The role that the console assumes, where none is named.
pub(super) const ACCESS_ROLE: &str = "TidemarkAccess";

/// The role by which the console finds out why it may not assume the access role. It can read
/// that one role and nothing else.
pub const DIAGNOSE_ROLE: &str = "TidemarkDiagnose";

/// Refuses to name the console's account where nobody knows it.
pub fn check_console_account(console_account: &AccountId) -> Result<(), ServiceError> {
    if console_account.as_str() == UNKNOWN_ACCOUNT {
        return Err(ServiceError::Conflict(
            "the console does not know its own AWS account, which the roles of a template must trust: give it working AWS credentials and start it again"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The CloudFormation template that makes both roles in the account, external id included.
pub async fn template(
    services: &Services,
    caller: &Caller,
    id: &AccountId,
    console_account: &AccountId,
) -> Result<String, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.template",
        id.as_str(),
    )
    .await?;
    let account = find(services, id).await?;
    check_console_account(console_account)?;
    record(
        services,
        caller,
        "account.template",
        id.as_str(),
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    serde_json::to_string_pretty(&document(&account, console_account))
        .map_err(|e| ServiceError::Internal(Box::new(e)))
}

fn document(account: &Account, console: &AccountId) -> Value {
    let role = account.connection.role.name();
    let trust = |condition: Option<Value>| {
        let mut statement = json!({
            "Effect": "Allow",
            "Principal": {"AWS": {"Fn::Sub": format!("arn:${{AWS::Partition}}:iam::{console}:root")}},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        });
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        json!({"Version": "2012-10-17", "Statement": [statement]})
    };
    let external =
        json!({"StringEquals": {"sts:ExternalId": account.connection.external_id.as_str()}});
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Roles by which the Tidemark console reads, backs up and restores in this account",
        "Resources": {
            "AccessRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": role,
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": trust(Some(external)),
                    "Policies": [{"PolicyName": "tidemark", "PolicyDocument": access_policy()}],
                }
            },
            "DiagnoseRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": DIAGNOSE_ROLE,
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": trust(None),
                    "Policies": [{"PolicyName": "read-the-access-role", "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{
                            "Effect": "Allow",
                            "Action": ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy"],
                            "Resource": {"Fn::Sub": format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{role}")},
                        }]
                    }}],
                }
            }
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["AccessRole", "Arn"]}}}
    })
}

/// What the access role may do: read the catalogue, back up, restore, put settings back, change
/// backup plans, and keep records in buckets of its own. Selections with another role than AWS Backup's default one need `iam:PassRole` on it.
fn access_policy() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": [
                    "backup:Describe*", "backup:Get*", "backup:List*",
                    "dynamodb:Describe*", "dynamodb:List*",
                    "s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetBucketTagging", "s3:GetBucketVersioning",
                    "ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots",
                    "rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBInstanceAutomatedBackups",
                    "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:ListTagsForResource",
                    "elasticfilesystem:Describe*", "elasticfilesystem:ListTagsForResource",
                    "memorydb:Describe*", "memorydb:ListTags",
                    "application-autoscaling:Describe*", "tag:GetResources",
                ],
                "Resource": "*"
            },
            {
                "Sid": "BackUpAndRestore",
                "Effect": "Allow",
                "Action": [
                    "backup:StartBackupJob", "backup:StopBackupJob", "backup:StartRestoreJob", "backup:TagResource",
                    "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle",
                    "dynamodb:RestoreTableToPointInTime", "dynamodb:RestoreTableFromBackup", "dynamodb:CreateTable",
                    "dynamodb:StartAwsBackupJob", "dynamodb:RestoreTableFromAwsBackup",
                    "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
                    "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
                    "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive", "dynamodb:UpdateContinuousBackups",
                    "dynamodb:TagResource", "dynamodb:UntagResource", "dynamodb:DeleteTable",
                    "application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScalingPolicy",
                ],
                "Resource": "*"
            },
            {
                "Sid": "ManagePlans",
                "Effect": "Allow",
                "Action": [
                    "backup:CreateBackupPlan", "backup:UpdateBackupPlan", "backup:DeleteBackupPlan",
                    "backup:CreateBackupSelection", "backup:DeleteBackupSelection", "backup:UntagResource",
                ],
                "Resource": "*"
            },
            {
                "Sid": "ReadStreams",
                "Effect": "Allow",
                "Action": ["dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/*/stream/*"}
            },
            {
                // Every other bucket is out of reach; a bucket of another name is added here.
                "Sid": "KeepRecords",
                "Effect": "Allow",
                "Action": [
                    "s3:CreateBucket", "s3:ListBucket", "s3:ListBucketVersions",
                    "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:PutBucketVersioning",
                    "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock",
                    "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration",
                    "s3:GetBucketObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration",
                    "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject",
                ],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::tidemark-records-*"}
            },
            {
                // Tables and buckets that are encrypted with keys of the account's own: only by way
                // of the service that stores the data. The key's own policy counts besides.
                "Sid": "UseKeysOfStoredData",
                "Effect": "Allow",
                "Action": [
                    "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey",
                ],
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"},
                "Condition": {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com*", "dynamodb.*.amazonaws.com*"]}}
            },
            {
                "Sid": "LetTablesUseTheirKeys",
                "Effect": "Allow",
                "Action": "kms:CreateGrant",
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"},
                "Condition": {
                    "StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com*"},
                    "Bool": {"kms:GrantIsForAWSResource": "true"}
                }
            },
            {
                "Sid": "PassTheBackupRole",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/service-role/AWSBackupDefaultServiceRole"},
                "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
            },
            {
                "Sid": "CheckPermissions",
                "Effect": "Allow",
                "Action": "iam:SimulatePrincipalPolicy",
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"}
            }
        ]
    })
}
