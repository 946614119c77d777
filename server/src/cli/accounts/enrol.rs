use std::path::Path;

use serde::Serialize;
use tidemark_domain::enrol::{EnrolPlan, Enrolled};
use tidemark_services::accounts::{self, Enrol};

use crate::cli::{CliError, Global, Outcome};

/// What would be done, and what was done.
#[derive(Serialize)]
struct Answer {
    plan: EnrolPlan,
    /// None where only the plan was asked for, or something is wrong.
    done: Option<Enrolled>,
}

/// Registers the accounts of a file, or says what is wrong in it.
pub(super) async fn run(
    global: &Global,
    file: &Path,
    preview: bool,
    skip_wrong: bool,
) -> Result<Outcome, CliError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        CliError::machine(format!("{} could not be read", file.display()), error)
    })?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let plan = accounts::plan_enrolment(services, caller, &text).await?;
    let goes_on = !preview && (plan.wrong.is_empty() || skip_wrong) && !plan.accounts.is_empty();
    let done = if goes_on {
        let request = Enrol {
            file: text,
            digest: plan.digest.clone(),
            skip_wrong,
        };
        Some(accounts::enrol(services, caller, &request).await?)
    } else {
        None
    };
    let is_right = plan.wrong.is_empty()
        && done
            .as_ref()
            .is_none_or(|done| done.accounts.iter().all(|one| one.added));
    let answer = Answer { plan, done };
    global
        .output()
        .table(&answer, &["LINE", "ACCOUNT", "ALIAS", "RESULT"], rows)?;
    Ok(if is_right {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let mut rows: Vec<(u64, Vec<String>)> = answer
        .plan
        .wrong
        .iter()
        .map(|wrong| {
            let result = format!("wrong at {}: {}", wrong.place(), wrong.rule);
            (
                wrong.line,
                vec![wrong.line.to_string(), String::new(), String::new(), result],
            )
        })
        .collect();
    for one in &answer.plan.accounts {
        let result = answer.done.as_ref().map(|done| {
            done.accounts
                .iter()
                .find(|result| result.account == one.account)
                .map_or_else(String::new, |result| {
                    if result.added {
                        "registered".to_owned()
                    } else {
                        format!("not registered: {}", result.why)
                    }
                })
        });
        let result = result.unwrap_or_else(|| "would be registered".to_owned());
        rows.push((
            one.line,
            vec![
                one.line.to_string(),
                one.account.to_string(),
                one.alias.clone(),
                result,
            ],
        ));
    }
    rows.sort_by_key(|(line, _)| *line);
    rows.into_iter().map(|(_, row)| row).collect()
}
