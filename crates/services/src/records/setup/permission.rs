use serde_json::Value;
use tidemark_domain::Check;

use super::found::Found;
use crate::Services;

/// Whether the account's role may do all that the run's credentials will be cut down to.
pub(super) async fn checks(services: &Services, found: &Found, policy: &str) -> Vec<Check> {
    let document: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = document["Statement"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    // What is allowed under a condition depends on the call: a key, say, on what it encrypts.
    let asked = statements
        .iter()
        .filter(|statement| statement["Condition"].is_null())
        .filter_map(|statement| {
            let actions: Vec<String> = statement["Action"]
                .as_array()?
                .iter()
                .filter_map(|action| action.as_str().map(str::to_owned))
                .filter(|action| !action.ends_with('*'))
                .collect();
            let resource = statement["Resource"].as_str().or_else(|| {
                let all = statement["Resource"].as_array()?;
                all.first()?.as_str()
            })?;
            // What stands for any stream or object is asked of one.
            let resource = resource.replace('*', "x");
            (!actions.is_empty()).then_some((actions, resource))
        });
    let role = found.target.connection.role.as_str();
    let answers = asked.map(|(actions, resource)| async move {
        let name = format!("The role may work on {resource}");
        let answer = services.cloud.simulate(&found.target, &actions, &resource);
        match answer.await {
            Ok(answers) => {
                let denied: Vec<&str> = actions
                    .iter()
                    .filter(|action| !answers.get(*action).copied().unwrap_or(false))
                    .map(String::as_str)
                    .collect();
                if denied.is_empty() {
                    Check::pass(&name, format!("{} is allowed for {role}.", actions.join(", ")))
                } else {
                    Check::fail(
                        &name,
                        format!("{} is not allowed for {role}.", denied.join(", ")),
                        "Bring the roles of the account up to date by its template, or allow this in the role's policy.",
                    )
                }
            }
            Err(error) => Check::unknown(
                &name,
                format!("Could not be checked: {error}"),
                "Allow iam:SimulatePrincipalPolicy on the role to have this checked before.",
            ),
        }
    });
    futures::future::join_all(answers).await
}
