use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{SnapshotFooter, SnapshotHeader, folder};
use crate::Verdict;

/// What was found where a file should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing.
    #[default]
    Missing,
    /// Something that cannot be read: why.
    Unreadable(String),
    /// The file.
    File(T),
}

impl<T> Found<T> {
    fn file(&self) -> Option<&T> {
        match self {
            Self::File(file) => Some(file),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }
}

/// A snapshot's files as they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotFiles {
    /// The folder's prefix.
    pub prefix: String,
    /// The header.
    pub header: Found<SnapshotHeader>,
    /// The footer.
    pub footer: Found<SnapshotFooter>,
    /// Ids that the vector names.
    pub vector: Found<BTreeSet<Uuid>>,
    /// When the newest of the files was written.
    pub written: Option<Timestamp>,
}

/// Whether a snapshot can be restored from, as far as its files tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integrity {
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub why: String,
}

/// A snapshot for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotView {
    /// The folder's prefix.
    pub prefix: String,
    /// The folder's own name.
    pub name: String,
    /// What the header says.
    pub header: Option<SnapshotHeader>,
    /// What the footer says.
    pub footer: Option<SnapshotFooter>,
    /// When it was made: the header's start time, else when the newest of its files was written.
    pub made: Option<Timestamp>,
    /// The snapshots of the volume that it builds on, by the names of their folders.
    pub builds_on: Vec<String>,
    /// Snapshots that build on it.
    pub needed_by: u64,
    /// Whether it can be restored from.
    pub integrity: Integrity,
}

/// The snapshots of a volume, the newest first, each with what it builds on. `all` says whether these are all that the
/// volume has; where they are not, what is not among them is not called missing.
pub fn assess(files: Vec<SnapshotFiles>, all: bool) -> Vec<SnapshotView> {
    let mut places: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (at, one) in files.iter().enumerate() {
        if let Some(header) = one.header.file() {
            places.extend(header.snapshot.map(|id| (id, at)));
            places.extend(header.backup.map(|id| (id, at)));
        }
    }
    let own: Vec<Integrity> = files.iter().map(integrity).collect();
    let sources: Vec<BTreeSet<usize>> = files
        .iter()
        .enumerate()
        .map(|(at, one)| {
            one.vector
                .file()
                .into_iter()
                .flatten()
                .filter_map(|id| places.get(id).copied())
                .filter(|source| *source != at)
                .collect()
        })
        .collect();
    let mut views: Vec<SnapshotView> = Vec::with_capacity(files.len());
    for (at, one) in files.iter().enumerate() {
        let unknown = unknown_ids(one, &places);
        let chain = chain(at, &sources);
        let broken = chain
            .iter()
            .find(|before| own[**before].verdict == Verdict::Fail)
            .map(|before| folder(&files[*before].prefix).name);
        let missing = chain
            .iter()
            .chain([&at])
            .flat_map(|place| unknown_ids(&files[*place], &places))
            .next();
        let integrity = match (broken, missing) {
            _ if own[at].verdict == Verdict::Fail => own[at].clone(),
            (Some(before), _) => Integrity {
                verdict: Verdict::Fail,
                why: format!("it builds on {before}, which is damaged"),
            },
            (None, Some(id)) if all => Integrity {
                verdict: Verdict::Fail,
                why: format!("it builds on {id}, which is not there"),
            },
            (None, Some(_)) => Integrity {
                verdict: Verdict::Unknown,
                why: "not all snapshots of the volume were read, so its chain is not known"
                    .to_owned(),
            },
            (None, None) => own[at].clone(),
        };
        let header = one.header.file().cloned();
        views.push(SnapshotView {
            name: folder(&one.prefix).name,
            prefix: one.prefix.clone(),
            made: header
                .as_ref()
                .and_then(|header| header.started)
                .or(one.written),
            header,
            footer: one.footer.file().cloned(),
            builds_on: sources[at]
                .iter()
                .map(|before| folder(&files[*before].prefix).name)
                .chain(unknown.into_iter().map(|id| id.to_string()))
                .collect(),
            needed_by: u64::try_from(
                (0..files.len())
                    .filter(|other| chain_of(*other, &sources).contains(&at))
                    .count(),
            )
            .unwrap_or(u64::MAX),
            integrity,
        });
    }
    views.sort_by(|a, b| (b.made, &a.prefix).cmp(&(a.made, &b.prefix)));
    views
}

/// Ids of a vector that no snapshot has that was read. Those of the volume and the cluster are no snapshots.
fn unknown_ids(one: &SnapshotFiles, places: &BTreeMap<Uuid, usize>) -> Vec<Uuid> {
    let cluster = one.header.file().and_then(|header| header.cluster);
    one.vector
        .file()
        .into_iter()
        .flatten()
        .filter(|id| !places.contains_key(id) && Some(**id) != cluster)
        .copied()
        .collect()
}

fn chain(at: usize, sources: &[BTreeSet<usize>]) -> Vec<usize> {
    chain_of(at, sources).into_iter().collect()
}

/// Everything that a snapshot builds on, itself not among it. Files may name each other in a circle.
fn chain_of(at: usize, sources: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next: Vec<usize> = sources[at].iter().copied().collect();
    while let Some(before) = next.pop() {
        if before != at && found.insert(before) {
            next.extend(&sources[before]);
        }
    }
    found
}

/// What a snapshot's own files say.
fn integrity(files: &SnapshotFiles) -> Integrity {
    let is = |verdict, why: String| Integrity { verdict, why };
    match (&files.header, &files.footer) {
        (_, Found::Unreadable(why)) => is(Verdict::Fail, format!("its footer is damaged: {why}")),
        (Found::Unreadable(why), _) => is(Verdict::Fail, format!("its header is damaged: {why}")),
        (Found::Missing, Found::File(_)) => is(Verdict::Fail, "it has no header".to_owned()),
        (_, Found::Missing) => is(
            Verdict::Warn,
            "it has no footer: the backup is under way, or was never finished".to_owned(),
        ),
        (Found::File(header), Found::File(footer)) => match header.size {
            Some(size) if size != footer.size => is(
                Verdict::Fail,
                format!(
                    "its header says {size} bytes, its footer {} bytes",
                    footer.size
                ),
            ),
            _ => match &files.vector {
                Found::Unreadable(why) => is(
                    Verdict::Unknown,
                    format!("what it builds on could not be read: {why}"),
                ),
                _ => is(
                    Verdict::Pass,
                    "header and footer agree, and what it builds on is there".to_owned(),
                ),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn snapshot(number: u128, builds_on: &[u128]) -> SnapshotFiles {
        SnapshotFiles {
            prefix: format!("c/v/s{number}/"),
            header: Found::File(SnapshotHeader {
                size: Some(10),
                snapshot: Some(id(number)),
                started: Timestamp::from_second(i64::try_from(number).unwrap()).ok(),
                ..SnapshotHeader::default()
            }),
            footer: Found::File(SnapshotFooter {
                size: 10,
                sha256: "a".repeat(64),
            }),
            vector: Found::File(builds_on.iter().map(|number| id(*number)).collect()),
            written: None,
        }
    }

    fn verdicts(files: Vec<SnapshotFiles>, all: bool) -> Vec<(String, Verdict)> {
        assess(files, all)
            .into_iter()
            .map(|view| (view.name, view.integrity.verdict))
            .collect()
    }

    #[test]
    fn a_chain_is_as_good_as_the_worst_of_what_it_builds_on() {
        let mut files = vec![snapshot(1, &[1]), snapshot(2, &[1, 2]), snapshot(3, &[2])];
        let views = assess(files.clone(), true);
        assert_eq!(views[0].name, "s3");
        assert_eq!(views[0].builds_on, ["s2"]);
        assert_eq!(views[2].needed_by, 2);
        assert!(
            views
                .iter()
                .all(|view| view.integrity.verdict == Verdict::Pass)
        );
        files[0].footer = Found::Unreadable("it is no JSON object".to_owned());
        let views = assess(files, true);
        assert!(
            views
                .iter()
                .all(|view| view.integrity.verdict == Verdict::Fail)
        );
        assert!(views[0].integrity.why.contains("s1"), "{:?}", views[0]);
    }

    #[test]
    fn what_is_not_there_breaks_a_chain_only_where_all_was_read() {
        let files = vec![snapshot(2, &[1]), snapshot(3, &[2])];
        let broken = verdicts(files.clone(), true);
        assert!(broken.iter().all(|(_, verdict)| *verdict == Verdict::Fail));
        let unknown = verdicts(files, false);
        assert!(
            unknown
                .iter()
                .all(|(_, verdict)| *verdict == Verdict::Unknown)
        );
    }

    #[test]
    fn files_that_disagree_are_missing_or_unfinished_are_told_apart() {
        let mut other = snapshot(1, &[]);
        other.header = Found::File(SnapshotHeader {
            size: Some(11),
            ..SnapshotHeader::default()
        });
        let mut open = snapshot(2, &[]);
        open.footer = Found::Missing;
        let mut headless = snapshot(3, &[]);
        headless.header = Found::Missing;
        for (files, verdict) in [
            (other, Verdict::Fail),
            (open, Verdict::Warn),
            (headless, Verdict::Fail),
        ] {
            assert_eq!(verdicts(vec![files], true)[0].1, verdict);
        }
    }

    #[test]
    fn files_that_name_each_other_in_a_circle_end() {
        let files = vec![snapshot(1, &[2]), snapshot(2, &[1])];
        assert_eq!(verdicts(files, true).len(), 2);
    }
}
