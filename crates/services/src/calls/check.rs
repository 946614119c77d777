use std::collections::{BTreeMap, BTreeSet};

use tidemark_domain::{Check, Verdict};

use super::{On, SessionPolicy, When, circumstances, session_policy::Grant};
use crate::{
    ServiceError, Services,
    ports::{CloudError, Evaluated, Simulation, Target},
};

const NAME: &str = "The role may do it";
const SPARE: &str = "The role may put settings back";
const SOMETIMES: &str = "The role may do what is needed in some cases";

/// What the account's role lacks for a run.
#[derive(Clone, Debug, Default)]
struct Lacking {
    /// Without these the run fails: actions by what they are needed on.
    needed: BTreeMap<String, BTreeSet<&'static str>>,
    /// Without these the run ends with warnings.
    spare: BTreeMap<String, BTreeSet<&'static str>>,
    /// Without these it fails in some cases.
    sometimes: BTreeMap<(When, String), BTreeSet<&'static str>>,
    /// Why something could not be asked.
    unknown: Option<CloudError>,
    asked: usize,
}

/// Asks AWS whether the account's role may do all that a session policy names, each action on each
/// resource, in the circumstances in which the run asks for it.
async fn lacking(services: &Services, target: &Target, policies: &[&SessionPolicy]) -> Lacking {
    let mut lacking = Lacking::default();
    let mut questions: Vec<(Simulation, Vec<Grant>)> = Vec::new();
    for policy in policies {
        for grant in policy.grants() {
            let question = question(policy, grant);
            let like = questions.iter_mut().find(|(have, _)| {
                have.resources == question.resources && have.context == question.context
            });
            match like {
                Some((have, grants)) => {
                    if !have.actions.contains(&question.actions[0]) {
                        have.actions.extend(question.actions);
                    }
                    if !grants.contains(grant) {
                        grants.push(grant.clone());
                    }
                }
                None => questions.push((question, vec![grant.clone()])),
            }
        }
    }
    let answers = questions
        .iter()
        .map(|(question, _)| services.cloud.simulate(target, question));
    let answers = futures::future::join_all(answers).await;
    for ((question, grants), answer) in questions.iter().zip(answers) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                lacking.unknown.get_or_insert(error);
                continue;
            }
        };
        for grant in grants {
            lacking.asked += 1;
            if answer.get(grant.action) == Some(&Evaluated::Allowed) {
                continue;
            }
            let on = match grant.on {
                On::TableKey | On::TableKeyGrant | On::ObjectKey => grant.on.words().to_owned(),
                _ => question.resources.join(" and "),
            };
            let list = match (grant.when, grant.spare) {
                (Some(when), _) => lacking.sometimes.entry((when, on)).or_default(),
                (None, true) => lacking.spare.entry(on).or_default(),
                (None, false) => lacking.needed.entry(on).or_default(),
            };
            list.insert(grant.action);
        }
    }
    lacking
}

/// The same as checks that a person sees before they start.
pub(crate) async fn check(
    services: &Services,
    target: &Target,
    policies: &[&SessionPolicy],
) -> Vec<Check> {
    lacking(services, target, policies)
        .await
        .checks(target.connection.role.as_str())
}

/// The checks that forbid a start where nobody has been shown any; none where it may begin.
pub(crate) async fn refusal(
    services: &Services,
    target: &Target,
    policies: &[&SessionPolicy],
) -> Option<ServiceError> {
    let failed: Vec<Check> = check(services, target, policies)
        .await
        .into_iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .collect();
    (!failed.is_empty()).then(|| ServiceError::Checks(failed))
}

impl Lacking {
    fn checks(&self, role: &str) -> Vec<Check> {
        let mut checks = Vec::new();
        if !self.needed.is_empty() {
            checks.push(Check::fail(
                NAME,
                format!("{} not allowed for {role}.", are(self.needed.values())),
                allow(
                    self.needed
                        .iter()
                        .map(|(on, actions)| (on.as_str(), actions)),
                ),
            ));
        } else if let Some(error) = &self.unknown {
            checks.push(Check::unknown(
                NAME,
                format!("Could not be checked: {error}"),
                format!(
                    "Allow {} on the role to have this checked before.",
                    super::Call::SimulatePrincipalPolicy.name()
                ),
            ));
        } else {
            checks.push(Check::pass(
                NAME,
                format!(
                    "All {} that the run takes are allowed for {role}.",
                    permissions(self.asked)
                ),
            ));
        }
        if !self.spare.is_empty() {
            checks.push(Check::warn(
                SPARE,
                format!(
                    "{} not allowed for {role}: the run goes on without, and ends with warnings.",
                    are(self.spare.values())
                ),
                allow(
                    self.spare
                        .iter()
                        .map(|(on, actions)| (on.as_str(), actions)),
                ),
            ));
        }
        let cases: BTreeSet<When> = self.sometimes.keys().map(|(when, _)| *when).collect();
        for case in cases {
            let of_case = || {
                self.sometimes
                    .iter()
                    .filter(move |((when, _), _)| *when == case)
            };
            checks.push(Check::warn(
                SOMETIMES,
                format!(
                    "{} not allowed for {role}: needed {}.",
                    are(of_case().map(|(_, actions)| actions)),
                    case.words()
                ),
                allow(of_case().map(|((_, on), actions)| (on.as_str(), actions))),
            ));
        }
        checks
    }
}

fn permissions(count: usize) -> String {
    match count {
        1 => "one permission".to_owned(),
        count => format!("{count} permissions"),
    }
}

/// `dynamodb:A is`, or `dynamodb:A, dynamodb:B are`.
fn are<'a>(lists: impl Iterator<Item = &'a BTreeSet<&'static str>>) -> String {
    let all: BTreeSet<&str> = lists.flatten().copied().collect();
    let verb = if all.len() == 1 { "is" } else { "are" };
    let all: Vec<&str> = all.into_iter().collect();
    format!("{} {verb}", all.join(", "))
}

fn allow<'a>(lacking: impl Iterator<Item = (&'a str, &'a BTreeSet<&'static str>)>) -> String {
    let parts: Vec<String> = lacking
        .map(|(on, actions)| {
            let actions: Vec<&str> = actions.iter().copied().collect();
            format!("{} on {on}", actions.join(", "))
        })
        .collect();
    format!(
        "Deploy the account's template again, or allow in the role's policy: {}.",
        parts.join("; ")
    )
}

/// A question of one action; questions of the same resources and circumstances are asked together.
fn question(policy: &SessionPolicy, grant: &Grant) -> Simulation {
    let resources = match grant.on {
        On::TableKey | On::TableKeyGrant | On::ObjectKey => vec![policy.some_key()],
        // What stands for any object or stream is asked of one; `*` alone is no resource at all.
        _ => grant
            .resources
            .iter()
            .map(|resource| match resource.as_str() {
                "*" => resource.clone(),
                pattern => pattern.replace('*', "x"),
            })
            .collect(),
    };
    Simulation {
        actions: vec![grant.action.to_owned()],
        resources,
        context: circumstances(grant.on, policy.region()),
    }
}
