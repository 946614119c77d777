//! Session policies within what STS takes: made smaller by patterns where they must be, and that
//! is said; refused before anything is begun where that does not help.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidemark_domain::{Check, Invalid};

/// Characters that STS takes (`AssumeRole`, `Policy`).
pub(crate) const LIMIT: usize = 2_048;

/// Characters that are left of either end of a long name, in turn, until the policy fits.
const KEPT: [usize; 6] = [40, 28, 20, 14, 10, 6];

/// A session policy that STS takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fitted {
    /// Its text.
    pub(crate) text: String,
    /// What it allows more than was asked for, as sentences; mostly nothing.
    pub(crate) widened: Vec<String>,
}

impl Fitted {
    /// What a person who starts a run is told of it; nothing where it allows just what was asked
    /// for.
    pub(crate) fn check(&self) -> Option<Check> {
        (!self.widened.is_empty()).then(|| {
            Check::warn(
                "The run's own policy fits",
                format!(
                    "AWS takes session policies of at most {LIMIT} characters. This one names patterns where it would be longer: {}.",
                    self.widened.join("; ")
                ),
                "The account's role still allows no more than it does. Shorter names of table, bucket or prefix make the policy exact.",
            )
        })
    }
}

/// One statement that allows.
#[derive(Clone, Debug, PartialEq)]
struct Statement {
    actions: Vec<String>,
    resources: Vec<String>,
    /// Everything else: effect, condition.
    rest: BTreeMap<String, Value>,
}

/// Makes a session policy small enough: first without changing what it allows, then by patterns of
/// reading actions, of resources whose names are alike, and of long names.
pub(crate) fn fit(policy: &str) -> Result<Fitted, Invalid> {
    if policy.len() <= LIMIT {
        return Ok(Fitted {
            text: policy.to_owned(),
            widened: Vec::new(),
        });
    }
    let mut statements = read(policy)?;
    let mut widened = Vec::new();
    merge(&mut statements);
    let mut text = document(&statements);
    while text.len() > LIMIT
        && (shorten_actions(&mut statements, &mut widened) || join(&mut statements, &mut widened))
    {
        merge(&mut statements);
        text = document(&statements);
    }
    for kept in KEPT {
        if text.len() <= LIMIT {
            break;
        }
        shorten_names(&mut statements, kept, &mut widened);
        merge(&mut statements);
        text = document(&statements);
    }
    if text.len() > LIMIT {
        return Err(Invalid::new(
            "session policy",
            format!(
                "would have {} characters, and AWS takes {LIMIT}: choose shorter names, or fewer resources at once",
                text.len()
            ),
        ));
    }
    Ok(Fitted { text, widened })
}

/// The same policy as [`fit`] makes it; where not even that fits, as it is, for AWS to refuse.
pub(crate) fn shrunk(policy: String) -> String {
    fit(&policy).map_or(policy, |fitted| fitted.text)
}

fn read(policy: &str) -> Result<Vec<Statement>, Invalid> {
    let bad = || Invalid::new("session policy", "must be a policy document");
    let value: Value = serde_json::from_str(policy).map_err(|_| bad())?;
    let statements = value["Statement"].as_array().ok_or_else(bad)?;
    statements
        .iter()
        .map(|statement| {
            let members = statement.as_object().ok_or_else(bad)?;
            let rest = members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "Action" | "Resource" | "Sid"))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            Ok(Statement {
                actions: members.get("Action").and_then(strings).ok_or_else(bad)?,
                resources: members.get("Resource").and_then(strings).ok_or_else(bad)?,
                rest,
            })
        })
        .collect()
}

fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) => several
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

fn document(statements: &[Statement]) -> String {
    let one_or_many = |texts: &[String]| match texts {
        [one] => json!(one),
        many => json!(many),
    };
    let statements: Vec<Value> = statements
        .iter()
        .map(|statement| {
            let mut value = json!(statement.rest);
            value["Action"] = one_or_many(&statement.actions);
            value["Resource"] = one_or_many(&statement.resources);
            value
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Statements of the same resources, or of the same actions, are one; what a pattern covers goes.
fn merge(statements: &mut Vec<Statement>) {
    for statement in statements.iter_mut() {
        for list in [&mut statement.actions, &mut statement.resources] {
            list.sort_unstable();
            list.dedup();
            let all = list.clone();
            list.retain(|one| !all.iter().any(|other| other != one && covers(other, one)));
        }
    }
    let mut merged: Vec<Statement> = Vec::new();
    for statement in statements.drain(..) {
        let like = merged.iter_mut().find(|have| {
            have.rest == statement.rest
                && (have.resources == statement.resources || have.actions == statement.actions)
        });
        match like {
            Some(have) if have.resources == statement.resources => {
                have.actions.extend(statement.actions);
                have.actions.sort_unstable();
                have.actions.dedup();
            }
            Some(have) => {
                have.resources.extend(statement.resources);
                have.resources.sort_unstable();
                have.resources.dedup();
            }
            None => merged.push(statement),
        }
    }
    *statements = merged;
}

/// Whether a pattern that ends in its only `*` takes all that the other takes.
fn covers(pattern: &str, other: &str) -> bool {
    pattern
        .strip_suffix('*')
        .is_some_and(|start| !start.contains('*') && other.starts_with(start))
}

/// Puts a pattern in the place of the reading actions of one kind that save most.
fn shorten_actions(statements: &mut [Statement], widened: &mut Vec<String>) -> bool {
    let mut best: Option<(usize, usize, String)> = None;
    for (place, statement) in statements.iter().enumerate() {
        for start in statement.actions.iter().filter_map(|action| verb(action)) {
            let of_kind: Vec<&String> = taken(statement, &start).collect();
            let length: usize = of_kind.iter().map(|action| action.len() + 3).sum();
            let saves = length.saturating_sub(start.len() + 4);
            let most = best.as_ref().map_or(0, |(saves, ..)| *saves);
            if of_kind.len() > 1 && saves > most {
                best = Some((saves, place, start));
            }
        }
    }
    let Some((_, place, start)) = best else {
        return false;
    };
    let statement = &mut statements[place];
    let named: Vec<String> = taken(statement, &start).cloned().collect();
    statement
        .actions
        .retain(|action| !action.starts_with(&start));
    statement.actions.push(format!("{start}*"));
    widened.push(format!("{start}* for {}", named.join(", ")));
    true
}

fn taken<'s>(statement: &'s Statement, start: &str) -> impl Iterator<Item = &'s String> {
    let start = start.to_owned();
    statement
        .actions
        .iter()
        .filter(move |action| action.starts_with(&start))
}

/// The beginning that an action that changes nothing shares with others of its kind.
fn verb(action: &str) -> Option<String> {
    let (service, name) = action.split_once(':')?;
    let kinds: &[&str] = match service {
        // As AWS itself words what a service needs of a key.
        "kms" => &["ReEncrypt", "GenerateDataKey"],
        _ => &["Describe", "List", "Get"],
    };
    kinds
        .iter()
        .find(|kind| name.starts_with(**kind) && !name.ends_with('*'))
        .map(|kind| format!("{service}:{kind}"))
}

/// Puts a pattern in the place of the two resources of one statement that save most: what they
/// begin and end with.
fn join(statements: &mut [Statement], widened: &mut Vec<String>) -> bool {
    let mut best: Option<(usize, usize, [usize; 2], String)> = None;
    for (place, statement) in statements.iter().enumerate() {
        for (first, one) in statement.resources.iter().enumerate() {
            for (second, other) in statement.resources.iter().enumerate().skip(first + 1) {
                let Some(pattern) = common(one, other) else {
                    continue;
                };
                let saves = (one.len() + other.len() + 3).saturating_sub(pattern.len());
                if best.as_ref().is_none_or(|(most, ..)| saves > *most) {
                    best = Some((saves, place, [first, second], pattern));
                }
            }
        }
    }
    let Some((_, place, [first, second], pattern)) = best else {
        return false;
    };
    let resources = &mut statements[place].resources;
    let other = resources.remove(second);
    let one = std::mem::replace(&mut resources[first], pattern.clone());
    widened.push(format!("{pattern} for {one} and {other}"));
    true
}

/// The pattern that takes two resources of one kind, as long as it can be: it names at least what
/// stands before the resource's own name, such as a bucket, and a part of this name.
fn common(one: &str, other: &str) -> Option<String> {
    let start = own_name(one)?;
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let before: usize = one
        .chars()
        .zip(other.chars())
        .take_while(same)
        .map(|(character, _)| character.len_utf8())
        .sum();
    let room = one.len().min(other.len()) - before;
    let mut after: usize = one
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(same)
        .map(|(character, _)| character.len_utf8())
        .sum();
    after = after.min(room);
    while !one.is_char_boundary(one.len() - after) {
        after -= 1;
    }
    if before < start || before + after < start + 4 {
        return None;
    }
    let (before, after) = (&one[..before], &one[one.len() - after..]);
    Some(format!(
        "{}*{}",
        before.trim_end_matches('*'),
        after.trim_start_matches('*')
    ))
}

/// Where a resource's own name begins: after a bucket and its slash, or after the kind of another
/// resource, such as `table/`.
fn own_name(arn: &str) -> Option<usize> {
    let mut colons = arn.match_indices(':').map(|(place, _)| place);
    let last = colons.nth(4)? + 1;
    let rest = &arn[last..];
    let end = rest.find(['/', ':'])?;
    Some(last + end + 1)
}

/// Leaves so many characters of either end of every longer name.
fn shorten_names(statements: &mut [Statement], kept: usize, widened: &mut Vec<String>) {
    for resource in statements
        .iter_mut()
        .flat_map(|statement| &mut statement.resources)
    {
        let Some(start) = own_name(resource) else {
            continue;
        };
        let name: Vec<char> = resource[start..].chars().collect();
        if name.len() <= 2 * kept + 1 {
            continue;
        }
        let head: String = name[..kept].iter().collect();
        let tail: String = name[name.len() - kept..].iter().collect();
        let pattern = format!(
            "{}{}*{}",
            &resource[..start],
            head.trim_end_matches('*'),
            tail.trim_start_matches('*')
        );
        let said = format!("{pattern} for {resource}");
        if !widened.contains(&said) {
            widened.push(said);
        }
        *resource = pattern;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn policy(table: &str, bucket: &str) -> String {
        let objects = format!("arn:aws:s3:::{bucket}/records");
        let own = format!("{objects}/_tidemark/{table}/*");
        let of_table = format!("arn:aws:dynamodb:eu-west-1:111111111111:table/{table}");
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": format!("arn:aws:s3:::{bucket}")},
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"],
             "Resource": [own, format!("{objects}/{table}/*")]},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": format!("{own}restores/load-*")},
            {"Effect": "Allow", "Action": ["dynamodb:CreateTable", "dynamodb:BatchWriteItem"], "Resource": of_table},
            {"Effect": "Allow", "Action": ["dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"], "Resource": of_table},
            {"Effect": "Allow", "Action": ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DeleteTable"],
             "Resource": [of_table, format!("{of_table}/*")]},
            {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*",
             "Condition": {"StringLike": {"kms:ViaService": "s3.*"}}},
        ]})
        .to_string()
    }

    /// IAM's `*`.
    fn matches(pattern: &str, text: &str) -> bool {
        match pattern.split_once('*') {
            None => pattern == text,
            Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
                (0..=left.len())
                    .filter(|at| left.is_char_boundary(*at))
                    .any(|at| matches(rest, &left[at..]))
            }),
        }
    }

    /// Every action on every resource that the first allows, the second allows, too.
    fn is_as_wide(one: &str, other: &str) {
        let other = read(other).unwrap();
        for statement in read(one).unwrap() {
            for action in &statement.actions {
                for resource in &statement.resources {
                    let allowed = other.iter().any(|have| {
                        have.rest == statement.rest
                            && have.actions.iter().any(|a| matches(a, action))
                            && have.resources.iter().any(|r| matches(r, resource))
                    });
                    assert!(allowed, "{action} on {resource}");
                }
            }
        }
    }

    #[test]
    fn a_policy_that_fits_is_left_as_it_is() {
        let small = policy("orders", "tidemark-records-1");
        let fitted = fit(&small).unwrap();
        assert_eq!(fitted.text, small);
        assert!(fitted.check().is_none());
    }

    #[test]
    fn a_policy_of_long_names_is_made_to_fit_and_says_what_it_widens() {
        for length in [60, 150, 255] {
            let large = policy(&"t".repeat(length), &"b".repeat(60));
            assert!(large.len() > LIMIT || length == 60, "{}", large.len());
            let fitted = fit(&large).unwrap();
            assert!(fitted.text.len() <= LIMIT, "{}", fitted.text.len());
            is_as_wide(&large, &fitted.text);
            if large.len() > LIMIT && !fitted.widened.is_empty() {
                let check = fitted.check().unwrap();
                assert!(check.detail.contains("for"), "{}", check.detail);
            }
            // No pattern reaches another bucket, account or kind of resource.
            for statement in read(&fitted.text).unwrap() {
                for resource in statement.resources.iter().filter(|r| *r != "*") {
                    let fixed = resource.split('*').next().unwrap();
                    assert!(
                        fixed.starts_with(&format!("arn:aws:s3:::{}", "b".repeat(60)))
                            || fixed.starts_with(
                                "arn:aws:dynamodb:eu-west-1:111111111111:table/tttttt"
                            ),
                        "{resource}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_made_to_fit_is_refused_with_its_size() {
        let resources: Vec<String> = (0..100)
            .map(|number| {
                let vault = "v".repeat(number % 7 + 1);
                format!("arn:aws:service-{number}:eu-west-1:111111111111:{vault}/x")
            })
            .collect();
        let large = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "backup:DeleteRecoveryPoint", "Resource": resources},
        ]});
        let error = fit(&large.to_string()).unwrap_err();
        assert_eq!(error.field, "session policy");
        assert!(error.rule.contains("2048"), "{}", error.rule);
    }
}
