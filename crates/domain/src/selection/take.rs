use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BackupSelection, ConditionParameter, Conditions};

/// A resource that a selection may take.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// Its tags.
    pub tags: &'a BTreeMap<String, String>,
    /// Its type is opted in for the Region.
    pub opted_in: bool,
}

/// Why a selection takes a resource, or why it does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// Taken: this ARN or pattern of `Resources` names it.
    Resource(String),
    /// Taken: this tag of `ListOfTags`, as `key=value`.
    Tag(String),
    /// Taken: the selection names nothing, so it takes everything that is opted in.
    Everything,
    /// Not taken: nothing names it.
    NotNamed,
    /// Not taken: this ARN or pattern of `NotResources` leaves it out.
    LeftOut(String),
    /// Not taken: this condition on the tag does not hold.
    Condition(String),
    /// Not taken: its type is not opted in for the Region.
    NotOptedIn,
}

impl Clause {
    /// Whether the resource is taken.
    pub fn takes(&self) -> bool {
        matches!(self, Self::Resource(_) | Self::Tag(_) | Self::Everything)
    }
}

impl BackupSelection {
    /// Whether, and by which clause, the selection takes a resource.
    pub fn take(&self, candidate: Candidate<'_>) -> Clause {
        let named = self.name(candidate);
        if !named.takes() {
            return named;
        }
        if let Some(pattern) = self
            .not_resources
            .iter()
            .find(|p| matches(p, candidate.arn))
        {
            return Clause::LeftOut(pattern.clone());
        }
        if let Some(key) = self.conditions.broken_by(candidate.tags) {
            return Clause::Condition(key.to_owned());
        }
        if candidate.opted_in || overrides_opt_in(&named, candidate.arn) {
            named
        } else {
            Clause::NotOptedIn
        }
    }

    fn name(&self, candidate: Candidate<'_>) -> Clause {
        if let Some(pattern) = self.resources.iter().find(|p| matches(p, candidate.arn)) {
            return Clause::Resource(pattern.clone());
        }
        let tag = self
            .list_of_tags
            .iter()
            .find(|tag| candidate.tags.get(&tag.condition_key) == Some(&tag.condition_value));
        match tag {
            Some(tag) => Clause::Tag(format!("{}={}", tag.condition_key, tag.condition_value)),
            None if self.resources.is_empty() && self.list_of_tags.is_empty() => Clause::Everything,
            None => Clause::NotNamed,
        }
    }
}

impl Conditions {
    /// The key of the first condition that the tags break.
    pub(super) fn broken_by(&self, tags: &BTreeMap<String, String>) -> Option<&str> {
        let value = |p: &ConditionParameter| tags.get(key(p)).cloned();
        let equals = |p: &&ConditionParameter| value(p).as_ref() == Some(&p.condition_value);
        let like =
            |p: &&ConditionParameter| value(p).is_some_and(|v| matches(&p.condition_value, &v));
        let broken = self
            .string_equals
            .iter()
            .find(|p| !equals(p))
            .or_else(|| self.string_not_equals.iter().find(|p| equals(p)))
            .or_else(|| self.string_like.iter().find(|p| !like(p)))
            .or_else(|| self.string_not_like.iter().find(|p| like(p)));
        broken.map(key)
    }
}

fn key(parameter: &ConditionParameter) -> &str {
    let key = parameter.condition_key.as_str();
    key.strip_prefix("aws:ResourceTag/").unwrap_or(key)
}

/// Whether the clause takes a resource although its type is not opted in: naming a resource, or a type
/// by its pattern, does so, but for Aurora, Neptune and `DocumentDB`, whose ARNs are clusters of RDS.
pub(super) fn overrides_opt_in(clause: &Clause, arn: &str) -> bool {
    let cluster = || {
        let mut fields = arn.splitn(6, ':').skip(2);
        fields.next() == Some("rds")
            && fields
                .nth(2)
                .is_some_and(|resource| resource.starts_with("cluster:"))
    };
    matches!(clause, Clause::Resource(pattern) if pattern != "*") && !cluster()
}

/// Whether a pattern with any number of `*` matches the whole text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

    fn take(selection: &Value, opted_in: bool) -> Clause {
        let mut whole = json!({"SelectionName": "s", "IamRoleArn": "r"});
        if let (Some(whole), Some(more)) = (whole.as_object_mut(), selection.as_object()) {
            whole.extend(more.clone());
        }
        let selection: BackupSelection = serde_json::from_value(whole).unwrap_or_default();
        assert!(
            !selection.selection_name.is_empty(),
            "the test's selection parses"
        );
        let tags = BTreeMap::from([
            ("stage".to_owned(), "prod".to_owned()),
            ("team".to_owned(), "orders".to_owned()),
        ]);
        selection.take(Candidate {
            arn: TABLE,
            tags: &tags,
            opted_in,
        })
    }

    fn tag(key: &str, value: &str) -> Value {
        json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value}])
    }

    fn parameter(key: &str, value: &str) -> Value {
        json!([{"ConditionKey": key, "ConditionValue": value}])
    }

    #[test]
    fn an_empty_selection_takes_everything_opted_in_and_nothing_else() {
        assert_eq!(take(&json!({}), true), Clause::Everything);
        assert_eq!(take(&json!({}), false), Clause::NotOptedIn);
    }

    #[test]
    fn arns_and_tags_are_joined_by_or() {
        let both =
            json!({"Resources": ["arn:aws:s3:::bucket"], "ListOfTags": tag("stage", "prod")});
        assert_eq!(take(&both, true), Clause::Tag("stage=prod".to_owned()));
        let neither =
            json!({"Resources": ["arn:aws:s3:::bucket"], "ListOfTags": tag("stage", "test")});
        assert_eq!(take(&neither, true), Clause::NotNamed);
    }

    #[test]
    fn naming_a_types_arn_overrides_the_opt_in_but_a_bare_star_does_not() {
        let named = json!({"Resources": ["arn:aws:dynamodb:*"]});
        assert!(take(&named, false).takes());
        assert_eq!(
            take(&json!({"Resources": ["*"]}), false),
            Clause::NotOptedIn
        );
    }

    #[test]
    fn naming_a_cluster_of_rds_does_not_override_the_opt_in() {
        let aurora = "arn:aws:rds:eu-west-1:111122223333:cluster:main";
        let named = Clause::Resource(aurora.to_owned());
        assert!(!overrides_opt_in(&named, aurora));
        let instance = "arn:aws:rds:eu-west-1:111122223333:db:main";
        assert!(overrides_opt_in(
            &Clause::Resource(instance.to_owned()),
            instance
        ));
    }

    #[test]
    fn conditions_are_joined_by_and_and_filter_what_arns_took() {
        let conditions = |kind: &str, key: &str, value: &str| {
            let mut conditions = json!({});
            conditions[kind] = parameter(key, value);
            json!({"Resources": ["*"], "Conditions": conditions})
        };
        assert!(
            take(
                &conditions("StringEquals", "aws:ResourceTag/stage", "prod"),
                true
            )
            .takes()
        );
        assert_eq!(
            take(&conditions("StringEquals", "stage", "test"), true),
            Clause::Condition("stage".to_owned())
        );
        assert!(take(&conditions("StringLike", "team", "ord*"), true).takes());
        assert!(!take(&conditions("StringNotLike", "team", "ord*"), true).takes());
        assert!(take(&conditions("StringNotEquals", "missing", "x"), true).takes());
        assert!(!take(&conditions("StringLike", "missing", "*"), true).takes());
    }

    #[test]
    fn what_is_left_out_is_not_taken_and_the_pattern_says_so() {
        let selection =
            json!({"Resources": ["*"], "NotResources": ["arn:aws:dynamodb:*:table/ord*"]});
        assert_eq!(
            take(&selection, true),
            Clause::LeftOut("arn:aws:dynamodb:*:table/ord*".to_owned())
        );
    }

    /// The plain definition: a star is any text.
    fn slow(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|skip| slow(rest, &text[skip..])),
            Some((c, rest)) => text.first() == Some(c) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_the_plain_definition_says(pattern in "[ab*]{0,8}", text in "[ab]{0,10}") {
            prop_assert_eq!(matches(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
