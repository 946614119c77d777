use awsim_core::RequestContext;
use awsim_iam_policy::ContextValue;
use serde_json::Value;

use super::Check;

/// Jobs that act as a role, which the caller must be allowed to hand over.
const PASSES_ROLE: [&str; 5] = [
    "StartBackupJob",
    "StartRestoreJob",
    "StartCopyJob",
    "CreateBackupSelection",
    "CreateRestoreTestingSelection",
];

pub(super) fn checks(operation: &str, input: &Value, ctx: &RequestContext) -> Vec<Check> {
    let arn = |resource: String| {
        format!(
            "arn:aws:backup:{}:{}:{resource}",
            ctx.region, ctx.account_id
        )
    };
    let vault = || {
        text(input, "BackupVaultName")
            .or_else(|| text(input, "SourceBackupVaultName"))
            .map(|name| arn(format!("backup-vault:{name}")))
    };
    let resource = match operation {
        "StartBackupJob" => vault(),
        "TagResource" | "UntagResource" | "ListTags" => {
            text(input, "ResourceArn").map(str::to_owned)
        }
        _ => text(input, "RecoveryPointArn")
            .map(str::to_owned)
            .or_else(vault)
            .or_else(|| text(input, "BackupPlanId").map(|id| arn(format!("backup-plan:{id}"))))
            .or_else(|| text(input, "LegalHoldId").map(|id| arn(format!("legal-hold:{id}")))),
    };
    let mut checks = vec![Check::new(
        format!("backup:{operation}"),
        resource.unwrap_or_else(|| "*".to_owned()),
    )];
    let role = text(input, "IamRoleArn").or_else(|| {
        // CreateBackupSelection carries it inside its structure.
        input
            .get("BackupSelection")
            .and_then(|selection| text(selection, "IamRoleArn"))
    });
    if let Some(role) = role
        && PASSES_ROLE.contains(&operation)
    {
        let mut check = Check::new("iam:PassRole", role);
        check.context.insert(
            "iam:PassedToService".to_owned(),
            ContextValue::String("backup.amazonaws.com".to_owned()),
        );
        checks.push(check);
    }
    checks
}

/// A member under its name in the API or on the wire, which begin with different case.
fn text<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_restore_needs_the_point_and_the_role() {
        let mut ctx = RequestContext::new("backup", "eu-west-1");
        ctx.account_id = "111111111111".into();
        let checks = checks(
            "StartRestoreJob",
            &json!({
                "RecoveryPointArn": "arn:aws:backup:eu-west-1:111111111111:recovery-point:x",
                "IamRoleArn": "arn:aws:iam::111111111111:role/R",
            }),
            &ctx,
        );
        let pairs: Vec<_> = checks
            .iter()
            .map(|c| (c.action.as_str(), c.resource.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                (
                    "backup:StartRestoreJob",
                    "arn:aws:backup:eu-west-1:111111111111:recovery-point:x"
                ),
                ("iam:PassRole", "arn:aws:iam::111111111111:role/R"),
            ]
        );
    }

    #[test]
    fn a_vault_is_found_under_its_wire_name() {
        let ctx = RequestContext::new("backup", "eu-west-1");
        let checks = checks(
            "DescribeBackupVault",
            &json!({"backupVaultName": "v"}),
            &ctx,
        );
        assert_eq!(
            checks[0].resource,
            "arn:aws:backup:eu-west-1:000000000000:backup-vault:v"
        );
    }
}
