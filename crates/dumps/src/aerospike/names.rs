use std::collections::BTreeMap;

use crate::{Refusal, content::AerospikeContent, source::Source};

/// Sets that are listed by name.
const SETS: usize = 10_000;

/// Counts a record of a set.
pub(super) fn count(content: &mut AerospikeContent, namespace: &str, set: String) {
    content.records += 1;
    let listed: usize = content.sets.values().map(BTreeMap::len).sum();
    let known = content
        .sets
        .get_mut(namespace)
        .and_then(|sets| sets.get_mut(&set));
    match known {
        Some(count) => *count += 1,
        None if listed < SETS => {
            let sets = content.sets.entry(namespace.to_owned()).or_default();
            sets.insert(set, 1);
        }
        None => content.other_sets += 1,
    }
}

/// A namespace must be the one that the file says it is of.
pub(super) fn check(
    source: &Source,
    at: u64,
    content: &AerospikeContent,
    namespace: &str,
    inside: &str,
) -> Result<(), Refusal> {
    match &content.namespace {
        Some(own) if own != namespace => Err(source.refuse_at(
            at,
            format!("{inside} is of namespace {namespace}, and the file says that it is of {own}"),
        )),
        _ => Ok(()),
    }
}
