use serde_json::json;

use super::{
    accounts::{BACKUP_ROLE, DENYING, DemoAccount, IRELAND, ROLE_NAME, TOOLING, demo_accounts},
    seeder::Seeder,
};
use crate::error::SandboxError;

/// The console's second role, as its onboarding template names it.
const DIAGNOSE_ROLE: &str = "TidemarkDiagnose";

/// What the console may do in an account: the policy of the access role as the console's onboarding
/// template deploys it. The file is made of the console's table of calls, whose tests compare it.
const ACCESS_POLICY: &str = include_str!("access_policy.json");

/// Roles that the console assumes, and roles as which backups run.
pub(super) async fn make(seeder: &Seeder<'_>) -> Result<(), SandboxError> {
    for account in demo_accounts() {
        // The denying account trusts an external id that the console does not have.
        let external_id = if *account == DENYING {
            "rotated-last-quarter-9d21"
        } else {
            account.external_id
        };
        access_role(seeder, account, external_id).await?;
        diagnose_role(seeder, account).await?;
        backup_role(seeder, account).await?;
    }
    Ok(())
}

async fn access_role(
    seeder: &Seeder<'_>,
    account: &DemoAccount,
    external_id: &str,
) -> Result<(), SandboxError> {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", TOOLING.account_id) },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "sts:ExternalId": external_id } },
        }, {
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", TOOLING.account_id) },
            "Action": ["sts:SetSourceIdentity", "sts:TagSession"],
        }],
    });
    let policy = ACCESS_POLICY
        .replace("${AWS::Partition}", "aws")
        .replace("${AWS::AccountId}", account.account_id);
    let iam =
        async |operation: &str, input| seeder.call(account, IRELAND, "iam", operation, input).await;
    iam(
        "CreateRole",
        json!({
            "RoleName": ROLE_NAME,
            "AssumeRolePolicyDocument": trust.to_string(),
            "Description": "Assumed by the Tidemark console",
            "MaxSessionDuration": "3600",
        }),
    )
    .await?;
    iam(
        "PutRolePolicy",
        json!({
            "RoleName": ROLE_NAME,
            "PolicyName": "tidemark",
            "PolicyDocument": policy,
        }),
    )
    .await?;
    Ok(())
}

/// The role by which the console finds out why the access role refuses it; it reads that one role.
async fn diagnose_role(seeder: &Seeder<'_>, account: &DemoAccount) -> Result<(), SandboxError> {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", TOOLING.account_id) },
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        }],
    });
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "iam:GetRole",
            "Resource": format!("arn:aws:iam::{}:role/{ROLE_NAME}", account.account_id),
        }],
    });
    let iam =
        async |operation: &str, input| seeder.call(account, IRELAND, "iam", operation, input).await;
    iam(
        "CreateRole",
        json!({ "RoleName": DIAGNOSE_ROLE, "AssumeRolePolicyDocument": trust.to_string() }),
    )
    .await?;
    iam(
        "PutRolePolicy",
        json!({
            "RoleName": DIAGNOSE_ROLE,
            "PolicyName": "read-the-access-role",
            "PolicyDocument": policy.to_string(),
        }),
    )
    .await?;
    Ok(())
}

async fn backup_role(seeder: &Seeder<'_>, account: &DemoAccount) -> Result<(), SandboxError> {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "backup.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    seeder
        .call(
            account,
            IRELAND,
            "iam",
            "CreateRole",
            json!({
                "RoleName": BACKUP_ROLE,
                "Path": "/service-role/",
                "AssumeRolePolicyDocument": trust.to_string(),
            }),
        )
        .await?;
    Ok(())
}
