//! Which resources a selection takes.

use std::collections::BTreeMap;

use crate::{
    model::{Condition, Conditions, SelectionDocument},
    provider::SimResource,
};

/// Why a resource was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// An ARN or an ARN pattern that names the type: counts even where the type is not opted in.
    ByArn,
    /// A tag, `*`, or an empty selection: counts only where the type is opted in.
    ByRule,
}

/// Whether the selection takes the resource: ARNs ∪ `ListOfTags`, then `Conditions`, then `NotResources`.
pub(crate) fn takes(selection: &SelectionDocument, resource: &SimResource) -> Option<Taken> {
    let everything = selection.resources.is_empty() && selection.list_of_tags.is_empty();
    let by_arn = selection
        .resources
        .iter()
        .any(|pattern| pattern != "*" && glob(pattern, &resource.arn));
    let by_rule = everything
        || selection.resources.iter().any(|pattern| pattern == "*")
        || selection.list_of_tags.iter().any(|tag| {
            resource.tags.get(tag_name(&tag.condition_key)) == Some(&tag.condition_value)
        });
    let excluded = selection
        .not_resources
        .iter()
        .any(|pattern| glob(pattern, &resource.arn));
    if excluded || !(by_arn || by_rule) || !meets(&selection.conditions, &resource.tags) {
        return None;
    }
    Some(if by_arn { Taken::ByArn } else { Taken::ByRule })
}

fn meets(conditions: &Conditions, tags: &BTreeMap<String, String>) -> bool {
    let value = |condition: &Condition| tags.get(tag_name(&condition.condition_key));
    conditions
        .string_equals
        .iter()
        .all(|condition| value(condition) == Some(&condition.condition_value))
        && conditions
            .string_not_equals
            .iter()
            .all(|condition| value(condition) != Some(&condition.condition_value))
        && conditions.string_like.iter().all(|condition| {
            value(condition).is_some_and(|tag| glob(&condition.condition_value, tag))
        })
        && conditions.string_not_like.iter().all(|condition| {
            value(condition).is_none_or(|tag| !glob(&condition.condition_value, tag))
        })
}

fn tag_name(key: &str) -> &str {
    key.strip_prefix("aws:ResourceTag/").unwrap_or(key)
}

/// Matches `*` against any run of characters.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    let mut rest = rest;
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::TagCondition;

    fn table(name: &str, tags: &[(&str, &str)]) -> SimResource {
        SimResource {
            arn: format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"),
            name: name.to_owned(),
            tags: tags
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            size_bytes: 1,
        }
    }

    fn condition(key: &str, value: &str) -> Condition {
        Condition {
            condition_key: format!("aws:ResourceTag/{key}"),
            condition_value: value.to_owned(),
        }
    }

    fn tag(key: &str, value: &str) -> TagCondition {
        TagCondition {
            condition_type: "STRINGEQUALS".to_owned(),
            condition_key: key.to_owned(),
            condition_value: value.to_owned(),
        }
    }

    #[test]
    fn an_empty_selection_takes_everything() {
        let selection = SelectionDocument::default();
        assert_eq!(
            takes(&selection, &table("orders", &[])),
            Some(Taken::ByRule)
        );
    }

    #[test]
    fn arns_and_tags_are_united() {
        let selection = SelectionDocument {
            resources: vec![table("orders", &[]).arn],
            list_of_tags: vec![tag("backup", "daily"), tag("backup", "hourly")],
            ..SelectionDocument::default()
        };
        assert_eq!(takes(&selection, &table("orders", &[])), Some(Taken::ByArn));
        assert_eq!(
            takes(&selection, &table("carts", &[("backup", "hourly")])),
            Some(Taken::ByRule)
        );
        assert_eq!(
            takes(&selection, &table("carts", &[("backup", "never")])),
            None
        );
    }

    #[test]
    fn every_condition_must_hold_after_the_union() {
        let selection = SelectionDocument {
            resources: vec!["*".to_owned()],
            conditions: Conditions {
                string_equals: vec![condition("env", "prod")],
                string_not_equals: vec![condition("tier", "scratch")],
                string_like: vec![condition("team", "pay*")],
                string_not_like: vec![condition("note", "*tmp*")],
            },
            ..SelectionDocument::default()
        };
        let fits = [("env", "prod"), ("team", "payments")];
        assert!(takes(&selection, &table("a", &fits)).is_some());
        for (key, value) in [
            ("env", "test"),
            ("tier", "scratch"),
            ("team", "web"),
            ("note", "a tmp one"),
        ] {
            let mut tags: BTreeMap<_, _> = fits.into_iter().collect();
            tags.insert(key, value);
            let tags: Vec<_> = tags.into_iter().collect();
            assert_eq!(takes(&selection, &table("a", &tags)), None, "{key}={value}");
        }
    }

    #[test]
    fn what_is_excluded_is_not_taken_even_by_its_arn() {
        let orders = table("orders", &[]);
        let selection = SelectionDocument {
            resources: vec![orders.arn.clone()],
            not_resources: vec!["arn:aws:dynamodb:*:*:table/ord*".to_owned()],
            ..SelectionDocument::default()
        };
        assert_eq!(takes(&selection, &orders), None);
    }

    #[rstest]
    #[case("a*", "abc", true)]
    #[case("a*c", "abc", true)]
    #[case("a*d", "abc", false)]
    #[case("*", "", true)]
    #[case("abc", "abcd", false)]
    #[case("a*b*c", "a-b-c", true)]
    #[case("a*bc", "abc", true)]
    #[case("ab*bc", "abc", false)]
    fn a_star_matches_any_run(#[case] pattern: &str, #[case] text: &str, #[case] expected: bool) {
        assert_eq!(glob(pattern, text), expected);
    }
}
