use serde_json::{Value, json};
use tidemark_domain::{Account, AccountId, Privilege};

use super::get::find;
use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize,
    authorize::record,
    calls::{Call, diagnosis_actions, role_policy},
};

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
            "Action": Call::AssumeRole.actions().collect::<Vec<_>>(),
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
                    "Policies": [{"PolicyName": "tidemark", "PolicyDocument": role_policy()}],
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
                            "Action": diagnosis_actions(),
                            "Resource": {"Fn::Sub": format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{role}")},
                        }]
                    }}],
                }
            }
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["AccessRole", "Arn"]}}}
    })
}
