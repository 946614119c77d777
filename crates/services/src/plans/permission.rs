use tidemark_domain::{
    Account, Verdict,
    plan::{Finding, PlanDraft, PlanRecord},
};

use crate::{Services, accounts};

/// What the account's role lacks for saving a draft. What cannot be asked is said as such.
///
/// Handing roles to AWS Backup is not asked: the permission hangs on a condition
/// (`iam:PassedToService`) that `SimulatePrincipalPolicy` does not know by itself.
pub(super) async fn missing(
    services: &Services,
    account: &Account,
    draft: &PlanDraft,
    before: Option<&PlanRecord>,
) -> Vec<Finding> {
    let (mut actions, resource) = match before {
        None => (vec!["backup:CreateBackupPlan"], "*"),
        Some(before) => (vec!["backup:UpdateBackupPlan"], before.arn.as_str()),
    };
    actions.extend([
        "backup:CreateBackupSelection",
        "backup:DeleteBackupSelection",
    ]);
    let actions: Vec<String> = actions.into_iter().map(str::to_owned).collect();
    let target = accounts::reading(account, &draft.region);
    let role = account.connection.role.as_str();
    match services.cloud.simulate(&target, &actions, resource).await {
        Ok(answers) => {
            let denied: Vec<&str> = actions
                .iter()
                .filter(|action| !answers.get(*action).copied().unwrap_or(false))
                .map(String::as_str)
                .collect();
            if denied.is_empty() {
                return Vec::new();
            }
            let denied = denied.join(", ");
            vec![Finding::error(
                "account",
                format!("must let the console do this: {denied} is not allowed for {role}"),
                "Deploy the account's template again, or allow the actions in the role's policy.",
            )]
        }
        Err(error) => vec![Finding::new(
            Verdict::Unknown,
            "account",
            format!("may or may not let the console do this; it could not be asked: {error}"),
            "Allow iam:SimulatePrincipalPolicy on the role to have this checked before.",
        )],
    }
}
