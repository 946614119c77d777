use std::collections::{HashMap, HashSet};

use super::{
    BackupSelection, Candidate, Clause,
    take::{matches, overrides_opt_in},
};

/// A selection prepared for looking at many resources: whole ARNs and tags are looked up, only
/// patterns (at most 30 by quota) are tried one by one. It answers what [`BackupSelection::take`]
/// answers.
pub struct CompiledSelection<'a> {
    selection: &'a BackupSelection,
    /// Whole ARN → its place in `Resources`.
    whole: HashMap<&'a str, usize>,
    /// Patterns with their place in `Resources`, in order.
    patterns: Vec<(usize, &'a str)>,
    left_out: HashSet<&'a str>,
    left_out_patterns: Vec<&'a str>,
    /// Tag key → value → place in `ListOfTags`.
    tags: HashMap<&'a str, HashMap<&'a str, usize>>,
}

impl<'a> CompiledSelection<'a> {
    /// Prepares a selection.
    pub fn new(selection: &'a BackupSelection) -> Self {
        let mut whole = HashMap::new();
        let mut patterns = Vec::new();
        for (index, arn) in selection.resources.iter().enumerate() {
            if arn.contains('*') {
                patterns.push((index, arn.as_str()));
            } else {
                whole.entry(arn.as_str()).or_insert(index);
            }
        }
        let (left_out_patterns, left_out): (Vec<&str>, Vec<&str>) = selection
            .not_resources
            .iter()
            .map(String::as_str)
            .partition(|arn| arn.contains('*'));
        let mut tags: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
        for (index, tag) in selection.list_of_tags.iter().enumerate() {
            tags.entry(&tag.condition_key)
                .or_default()
                .entry(&tag.condition_value)
                .or_insert(index);
        }
        Self {
            selection,
            whole,
            patterns,
            left_out: left_out.into_iter().collect(),
            left_out_patterns,
            tags,
        }
    }

    /// Whether, and by which clause, the selection takes a resource.
    pub fn take(&self, candidate: Candidate<'_>) -> Clause {
        let named = self.name(candidate);
        if !named.takes() {
            return named;
        }
        if let Some(pattern) = self.leaves_out(candidate.arn) {
            return Clause::LeftOut(pattern);
        }
        if let Some(key) = self.selection.conditions.broken_by(candidate.tags) {
            return Clause::Condition(key.to_owned());
        }
        if candidate.opted_in || overrides_opt_in(&named, candidate.arn) {
            named
        } else {
            Clause::NotOptedIn
        }
    }

    fn name(&self, candidate: Candidate<'_>) -> Clause {
        let whole = self.whole.get(candidate.arn).copied();
        let pattern = self
            .patterns
            .iter()
            .find(|(_, pattern)| matches(pattern, candidate.arn))
            .map(|(index, _)| *index);
        let first = match (whole, pattern) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(arn) = first.and_then(|index| self.selection.resources.get(index)) {
            return Clause::Resource(arn.clone());
        }
        let tag = if self.tags.is_empty() {
            None
        } else {
            candidate
                .tags
                .iter()
                .filter_map(|(key, value)| self.tags.get(key.as_str())?.get(value.as_str()))
                .min()
                .and_then(|index| self.selection.list_of_tags.get(*index))
        };
        match tag {
            Some(tag) => Clause::Tag(format!("{}={}", tag.condition_key, tag.condition_value)),
            None if self.selection.resources.is_empty()
                && self.selection.list_of_tags.is_empty() =>
            {
                Clause::Everything
            }
            None => Clause::NotNamed,
        }
    }

    fn leaves_out(&self, arn: &str) -> Option<String> {
        if self.left_out.is_empty() && self.left_out_patterns.is_empty() {
            return None;
        }
        // In the order of `NotResources`, so that the answer is that of the plain definition.
        self.selection
            .not_resources
            .iter()
            .find(|pattern| {
                if pattern.contains('*') {
                    matches(pattern, arn)
                } else {
                    pattern.as_str() == arn
                }
            })
            .filter(|_| {
                self.left_out.contains(arn)
                    || self.left_out_patterns.iter().any(|p| matches(p, arn))
            })
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{super::*, *};

    fn arn() -> impl Strategy<Value = String> {
        (
            prop::sample::select(vec!["dynamodb", "rds", "s3"]),
            prop::sample::select(vec!["table/a", "table/b", "cluster:a", "db:a"]),
        )
            .prop_map(|(service, resource)| {
                format!("arn:aws:{service}:eu-west-1:111122223333:{resource}")
            })
    }

    fn pattern() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => arn(),
            1 => Just("*".to_owned()),
            1 => Just("arn:aws:dynamodb:*".to_owned()),
            1 => Just("arn:aws:rds:eu-west-1:111122223333:cluster*".to_owned()),
        ]
    }

    fn tag() -> impl Strategy<Value = (String, String)> {
        (
            prop::sample::select(vec!["k", "l"]),
            prop::sample::select(vec!["v", "w"]),
        )
            .prop_map(|(k, v)| (k.to_owned(), v.to_owned()))
    }

    proptest! {
        #[test]
        fn a_prepared_selection_takes_what_the_plain_one_takes(
            resources in prop::collection::vec(pattern(), 0..4),
            not_resources in prop::collection::vec(pattern(), 0..2),
            list_of_tags in prop::collection::vec(tag(), 0..3),
            equals in prop::collection::vec(tag(), 0..2),
            arn in arn(),
            tags in prop::collection::btree_map("[kl]", "[vw]", 0..3),
            opted_in: bool,
        ) {
            let selection = BackupSelection {
                resources,
                not_resources,
                list_of_tags: list_of_tags.into_iter().map(|(condition_key, condition_value)| Condition {
                    condition_type: "STRINGEQUALS".to_owned(), condition_key, condition_value,
                }).collect(),
                conditions: Conditions {
                    string_equals: equals.into_iter().map(|(condition_key, condition_value)| ConditionParameter {
                        condition_key, condition_value,
                    }).collect(),
                    ..Conditions::default()
                },
                ..BackupSelection::default()
            };
            let tags: BTreeMap<String, String> = tags;
            let candidate = Candidate { arn: &arn, tags: &tags, opted_in };
            prop_assert_eq!(CompiledSelection::new(&selection).take(candidate), selection.take(candidate));
        }
    }
}
