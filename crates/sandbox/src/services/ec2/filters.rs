use std::collections::BTreeMap;

use serde_json::Value;

use super::input::{list, text, texts};

/// The `Filter` members of a request: all must hold, each for one of its values.
pub(super) struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    pub(super) fn of(input: &Value) -> Self {
        Self(
            list(input, "Filter")
                .iter()
                .filter_map(|filter| {
                    Some((text(filter, "Name")?.to_owned(), texts(filter, "Value")))
                })
                .collect(),
        )
    }

    /// Whether a resource passes; `value` answers its value for a filter's name.
    pub(super) fn pass(
        &self,
        tags: &BTreeMap<String, String>,
        value: impl Fn(&str) -> Option<String>,
    ) -> bool {
        self.0.iter().all(|(name, wanted)| {
            if let Some(key) = name.strip_prefix("tag:") {
                return tags
                    .get(key)
                    .is_some_and(|value| any_matches(wanted, value));
            }
            if name == "tag-key" {
                return tags.keys().any(|key| any_matches(wanted, key));
            }
            value(name).is_some_and(|value| any_matches(wanted, &value))
        })
    }
}

fn any_matches(patterns: &[String], value: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, value))
}

/// `*` stands for any characters, `?` for one.
fn matches(pattern: &str, value: &str) -> bool {
    let (mut p, mut v) = (pattern.chars(), value.chars());
    match p.next() {
        None => value.is_empty(),
        Some('*') => {
            let rest = p.as_str();
            matches(rest, value) || (v.next().is_some() && matches(pattern, v.as_str()))
        }
        Some('?') => v.next().is_some() && matches(p.as_str(), v.as_str()),
        Some(c) => v.next() == Some(c) && matches(p.as_str(), v.as_str()),
    }
}

/// A page of ids in order, and the token of the next.
pub(super) fn page<'a, T>(
    mut found: Vec<(&'a String, T)>,
    input: &Value,
) -> (Vec<T>, Option<&'a String>) {
    if let Some(token) = text(input, "NextToken") {
        found.retain(|(id, _)| id.as_str() > token);
    }
    let limit = text(input, "MaxResults")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(id, _)| *id);
    (found.into_iter().map(|(_, shown)| shown).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_values() {
        assert!(matches("node-*", "node-7"));
        assert!(matches("no?e-7", "node-7"));
        assert!(!matches("node", "node-7"));
        assert!(matches("*", ""));
    }
}
