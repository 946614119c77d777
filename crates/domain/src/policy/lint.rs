use serde::{Deserialize, Serialize};

use super::{
    Answer, Document, Effect, Grant, Statement, evaluate, evaluate::is_unique_id, explain::joined,
    wildcard,
};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// Data can be read, lost or taken over by those who should not.
    High,
    /// More is allowed than was probably meant, or it does not do what it says.
    Medium,
    /// Worth knowing.
    Low,
}

impl Danger {
    /// The word shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "dangerous",
            Self::Medium => "doubtful",
            Self::Low => "worth knowing",
        }
    }
}

/// What is dangerous or doubtful about a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFinding {
    /// How bad it is.
    pub danger: Danger,
    /// A stable name, such as `public`.
    pub rule: String,
    /// Which statement; none where it is about the whole policy.
    pub statement: Option<String>,
    /// What it is, in a sentence.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

/// Keys by which a statement for everyone is for some alone.
const NARROWING: [&str; 14] = [
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:resourceaccount",
];

/// Keys that say for whom a service acts.
const ON_BEHALF: [&str; 4] = [
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

/// Actions by which versions, and with them backups, are lost.
const LOSES_VERSIONS: [&str; 4] = [
    "s3:DeleteObjectVersion",
    "s3:BypassGovernanceRetention",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
];

/// Actions by which somebody can allow themselves the rest.
const TAKES_OVER: [&str; 4] = [
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutObjectAcl",
];

/// What is dangerous or doubtful in a policy, the worst first.
pub fn lint(document: &Document) -> Vec<PolicyFinding> {
    let mut found = Vec::new();
    for (index, statement) in document.statements().enumerate() {
        let mut add = |danger, rule: &str, what: String, fix: &str| {
            found.push(PolicyFinding {
                danger,
                rule: rule.to_owned(),
                statement: Some(statement.label(index)),
                what,
                fix: fix.to_owned(),
            });
        };
        odd(statement, &mut add);
        if statement.effect == Effect::Allow {
            principals(statement, &mut add);
            actions(statement, &mut add);
        }
        resources(statement, &mut add);
    }
    if document.version().as_deref() != Some("2012-10-17") && document.text().contains("${") {
        found.push(PolicyFinding {
            danger: Danger::Medium,
            rule: "old-version".to_owned(),
            statement: None,
            what: "The policy has variables, and a version in which AWS takes them for plain text."
                .to_owned(),
            fix: "Set Version to 2012-10-17.".to_owned(),
        });
    }
    found.sort_by_key(|finding| finding.danger);
    found
}

/// What of a grant the policy denies all the same, or may deny.
pub fn lint_grants(document: &Document, grants: &[Grant]) -> Vec<PolicyFinding> {
    let mut found: Vec<PolicyFinding> = Vec::new();
    for grant in grants {
        let (danger, by, what) = match evaluate(document, &grant.asked()) {
            Answer::Denied { by } => (
                Danger::High,
                by,
                format!("It denies {}, which is to be allowed.", grant.words()),
            ),
            Answer::Unknown { by, why } => (
                Danger::Medium,
                by,
                format!(
                    "Whether {} is allowed cannot be told: {why}.",
                    grant.words()
                ),
            ),
            Answer::Allowed { .. } | Answer::NotAllowed => continue,
        };
        found.push(PolicyFinding {
            danger,
            rule: "denies-grant".to_owned(),
            statement: Some(by),
            what,
            fix: "Have whoever keeps this statement leave the role out of it, by a condition on aws:PrincipalArn."
                .to_owned(),
        });
    }
    found
}

fn odd(statement: &Statement, add: &mut impl FnMut(Danger, &str, String, &str)) {
    if !statement.odd.is_empty() {
        add(
            Danger::Medium,
            "not-understood",
            format!(
                "It has {}, which cannot be understood; it is kept as it is.",
                joined(&statement.odd, "and")
            ),
            "Look at it in the policy itself.",
        );
    }
}

fn principals(statement: &Statement, add: &mut impl FnMut(Danger, &str, String, &str)) {
    let Some(who) = &statement.who else { return };
    let has = |keys: &[&str]| {
        statement
            .conditions
            .iter()
            .filter(|condition| !condition.operator.to_lowercase().contains("not"))
            .any(|condition| keys.contains(&condition.key.to_lowercase().as_str()))
    };
    if who.not {
        add(
            Danger::High,
            "not-principal",
            "It allows everyone but those whom it lists, people outside the organization too."
                .to_owned(),
            "Name those who are allowed under Principal instead.",
        );
    } else if who.is_everyone() && !has(&NARROWING) {
        add(
            Danger::High,
            "public",
            "It allows anybody, in every account of AWS and without one.".to_owned(),
            "Name accounts or roles, or add a condition such as aws:PrincipalOrgID.",
        );
    }
    for one in &who.list {
        if one.kind == "Service" && !has(&ON_BEHALF) {
            add(
                Danger::Medium,
                "no-source-account",
                format!(
                    "It allows the service {} on behalf of whichever account asks it to.",
                    one.id
                ),
                "Add the condition aws:SourceAccount with the account that the service works for.",
            );
        }
        if one.kind == "AWS" && is_unique_id(&one.id) {
            add(
                Danger::Low,
                "deleted-principal",
                format!(
                    "It names {}: the role or user was deleted, and a new one of the same name is not meant.",
                    one.id
                ),
                "Remove it, or name the new role.",
            );
        }
    }
}

fn actions(statement: &Statement, add: &mut impl FnMut(Danger, &str, String, &str)) {
    let Some(listed) = &statement.actions else {
        return;
    };
    if listed.not {
        add(
            Danger::Medium,
            "not-action",
            format!(
                "It allows everything but {}, also what AWS will add.",
                joined(&listed.list, "and")
            ),
            "Name what is allowed under Action instead.",
        );
        return;
    }
    let covers = |wanted: &[&str]| -> Vec<String> {
        wanted
            .iter()
            .filter(|action| {
                listed
                    .list
                    .iter()
                    .any(|pattern| wildcard::matches_any_case(pattern, action))
            })
            .map(|action| (*action).to_owned())
            .collect()
    };
    let all = |pattern: &&String| matches!(pattern.to_lowercase().as_str(), "*" | "s3:*");
    if let Some(pattern) = listed.list.iter().find(all) {
        add(
            Danger::High,
            "every-action",
            format!(
                "{pattern} allows everything: to delete all versions, and to change this policy."
            ),
            "Name the actions that are needed.",
        );
        return;
    }
    let loses = covers(&LOSES_VERSIONS);
    if !loses.is_empty() {
        add(
            Danger::High,
            "loses-versions",
            format!(
                "It allows {}: versions, and with them backups, can be lost for good.",
                joined(&loses, "and")
            ),
            "Leave this to a role for emergencies.",
        );
    }
    let takes = covers(&TAKES_OVER);
    if !takes.is_empty() {
        add(
            Danger::High,
            "takes-over",
            format!(
                "It allows {}: whoever may do that can allow themselves the rest.",
                joined(&takes, "and")
            ),
            "Leave this to the account that owns the bucket.",
        );
    }
    if let Some(pattern) = listed.list.iter().find(|pattern| pattern.contains('*')) {
        add(
            Danger::Low,
            "wildcard-action",
            format!("{pattern} allows also what AWS will add under that name."),
            "Name the actions that are needed.",
        );
    }
}

fn resources(statement: &Statement, add: &mut impl FnMut(Danger, &str, String, &str)) {
    let Some(listed) = &statement.resources else {
        return;
    };
    if listed.not && statement.effect == Effect::Allow {
        add(
            Danger::Medium,
            "not-resource",
            format!(
                "It allows its actions on everything but {}.",
                joined(&listed.list, "and")
            ),
            "Name the resources under Resource instead.",
        );
    }
    let is_bucket = |resource: &String| {
        resource
            .split_once(":s3:::")
            .is_some_and(|(_, rest)| !rest.contains('/') && !rest.contains('*'))
    };
    let only_buckets = !listed.not && !listed.list.is_empty() && listed.list.iter().all(is_bucket);
    let of_objects: Vec<String> = statement
        .actions
        .iter()
        .filter(|actions| !actions.not)
        .flat_map(|actions| &actions.list)
        .filter(|action| {
            matches!(
                action.as_str(),
                "s3:GetObject"
                    | "s3:PutObject"
                    | "s3:DeleteObject"
                    | "s3:GetObjectVersion"
                    | "s3:DeleteObjectVersion"
                    | "s3:AbortMultipartUpload"
            )
        })
        .cloned()
        .collect();
    if only_buckets && !of_objects.is_empty() {
        add(
            Danger::Medium,
            "no-objects",
            format!(
                "{} is about objects, and only the bucket itself is named: it has no effect.",
                joined(&of_objects, "and")
            ),
            "Name the objects as well, such as arn:aws:s3:::bucket/*.",
        );
    }
}
