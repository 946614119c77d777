use std::{collections::BTreeMap, ops::RangeInclusive};

use jiff::Timestamp;

use super::RecordHistory;
use crate::{
    error::Trouble,
    event::{Sequence, Version, in_order},
    key::RecordKey,
    wire::Item,
};

/// What some records were from a time on, as far as the backup says.
#[derive(Clone, Debug)]
pub struct Recent {
    since: Timestamp,
    /// The versions of each record from then on, and the one before; records never heard of are missing.
    versions: BTreeMap<RecordKey, Vec<Version>>,
    /// Parts of the backup that could not be read.
    pub troubles: Vec<Trouble>,
}

impl Recent {
    pub(super) fn new(since: Timestamp) -> Self {
        Self {
            since,
            versions: BTreeMap::new(),
            troubles: Vec::new(),
        }
    }

    /// Takes a version in, unless a newer one was there before `since`.
    pub(super) fn take(&mut self, key: RecordKey, version: Version) {
        let versions = self.versions.entry(key).or_default();
        let since = self.since;
        let is_before = |version: &Version| version.moment.timestamp() < since;
        if is_before(&version)
            && let Some(before) = versions.iter_mut().find(|known| is_before(known))
        {
            if before.moment < version.moment {
                *before = version;
            }
            return;
        }
        versions.push(version);
    }

    pub(super) fn take_all(&mut self, history: RecordHistory) {
        self.troubles.extend(history.troubles);
        for version in history.versions {
            self.take(history.key.clone(), version);
        }
    }

    /// Puts the versions in order, once all are in.
    pub(super) fn sort(&mut self) {
        self.versions.values_mut().for_each(in_order);
    }

    /// What a record is now; none where it is deleted or was never heard of.
    pub fn latest(&self, key: &RecordKey) -> Option<&Item> {
        self.versions.get(key)?.last()?.change.item()
    }

    /// Whether this very change of a record is there.
    pub fn has(&self, key: &RecordKey, sequence: Sequence) -> bool {
        let versions = self.versions.get(key).map_or(&[][..], Vec::as_slice);
        versions
            .iter()
            .any(|version| version.moment.sequence == Some(sequence))
    }

    /// Whether a record changed after a time.
    pub fn has_changed_after(&self, key: &RecordKey, at: Timestamp) -> bool {
        let last = self.versions.get(key).and_then(|versions| versions.last());
        last.is_some_and(|version| version.moment.timestamp() > at)
    }

    /// Whether a record was so at some instant of a time that does not begin before the one that was asked for; none
    /// where it was not there.
    pub fn was(
        &self,
        key: &RecordKey,
        when: RangeInclusive<Timestamp>,
        so: impl Fn(Option<&Item>) -> bool,
    ) -> bool {
        let versions = self.versions.get(key).map_or(&[][..], Vec::as_slice);
        (0..=versions.len()).any(|next| {
            let before = next.checked_sub(1).map(|before| &versions[before]);
            let begins = before.map(|version| version.moment.timestamp());
            let ends = versions.get(next).map(|version| version.moment.timestamp());
            begins.is_none_or(|begins| begins <= *when.end())
                && ends.is_none_or(|ends| ends >= *when.start())
                && so(before.and_then(|version| version.change.item()))
        })
    }
}
