use tidemark_domain::{Arn, Check, RestoreDestination, RestoreRequest, RestoreSource};

use super::super::source::Source;
use crate::Services;

const NAME: &str = "The role may do it";

pub(super) async fn check(
    services: &Services,
    request: &RestoreRequest,
    source: &Source,
    destination: &RestoreDestination,
) -> Check {
    let new_table = destination.arn.as_ref().map(Arn::as_str);
    let (actions, resource): (Vec<String>, &str) = match &request.source {
        RestoreSource::Records { .. } => (
            ["dynamodb:CreateTable", "dynamodb:BatchWriteItem"]
                .map(str::to_owned)
                .to_vec(),
            new_table.unwrap_or("*"),
        ),
        RestoreSource::PointInTime { .. } => (
            vec!["dynamodb:RestoreTableToPointInTime".to_owned()],
            request.resource.as_str(),
        ),
        RestoreSource::DynamoDbBackup { arn } => (
            vec!["dynamodb:RestoreTableFromBackup".to_owned()],
            arn.as_str(),
        ),
        RestoreSource::RecoveryPoint { arn, .. } => {
            (vec!["backup:StartRestoreJob".to_owned()], arn.as_str())
        }
    };
    let role = source.target.connection.role.as_str();
    match services
        .cloud
        .simulate(&source.target, &actions, resource)
        .await
    {
        Ok(answers) => {
            let denied: Vec<&str> = actions
                .iter()
                .filter(|action| !answers.get(*action).copied().unwrap_or(false))
                .map(String::as_str)
                .collect();
            if denied.is_empty() {
                Check::pass(
                    NAME,
                    format!("{} is allowed for {role}.", actions.join(", ")),
                )
            } else {
                Check::fail(
                    NAME,
                    format!("{} is not allowed for {role}.", denied.join(", ")),
                    format!(
                        "Allow {} on {resource} in the role's policy.",
                        denied.join(", ")
                    ),
                )
            }
        }
        Err(error) => Check::unknown(
            NAME,
            format!("Could not be checked: {error}"),
            "Allow iam:SimulatePrincipalPolicy on the role to have this checked before.",
        ),
    }
}
