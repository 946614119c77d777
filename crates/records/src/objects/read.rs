use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::{
    OddNames,
    name_set::is_hash,
    resolve::{Group, Resolved, Resolver},
};
use crate::{
    error::RecordsError,
    index::BackupPaths,
    key::KeySchema,
    ports::{ListedVersion, ObjectStore, VersionCursor},
    states::{KeyRange, StatesPage},
};

/// Records asked for at a time.
const CONCURRENCY: usize = 32;

/// States of records in the objects layout, ours and the older tool's, in the order of names.
pub struct ObjectStates {
    resolver: Resolver,
    times: Vec<Timestamp>,
    range: KeyRange,
    after: Option<VersionCursor>,
    /// The last name of the page before, which may go on.
    open: Group,
    listed: bool,
    foreign: u64,
    /// Names of some of them, each once.
    foreign_names: Vec<String>,
}

/// Foreign names that are remembered.
const FOREIGN_NAMES: usize = 1_000;

impl ObjectStates {
    /// The states at `times` of the records in `range`.
    ///
    /// The names present are listed first: a record may have up to four, whose newest version wins.
    pub async fn open(
        store: Arc<dyn ObjectStore>,
        paths: BackupPaths,
        schema: KeySchema,
        times: Vec<Timestamp>,
        range: KeyRange,
    ) -> Result<Self, RecordsError> {
        let mut resolver = Resolver::new(store, paths, schema);
        let prefix = resolver.paths.objects();
        let mut after: Option<VersionCursor> = None;
        loop {
            let page = resolver
                .store
                .list_versions(&prefix, after.as_ref())
                .await?;
            for version in &page.versions {
                if let Some(hash) = hash_of(&prefix, &version.name) {
                    resolver.names.add(hash);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        resolver.names.seal();
        Ok(Self {
            resolver,
            times,
            range,
            after: None,
            open: Group::new(),
            listed: false,
            foreign: 0,
            foreign_names: Vec::new(),
        })
    }

    /// The same, which knows of names that keys do not tell.
    #[must_use]
    pub fn knowing(mut self, odd: Arc<OddNames>) -> Self {
        self.resolver = self.resolver.knowing(odd);
        self
    }

    /// Versions of objects that are no records, such as snapshots, so far.
    pub fn foreign(&self) -> u64 {
        self.foreign
    }

    /// The names of the first thousand of them.
    pub fn foreign_names(&self) -> &[String] {
        &self.foreign_names
    }

    /// Goes on after the page that ended there.
    pub fn resume(&mut self, cursor: &str) {
        self.after = Some(VersionCursor {
            name: cursor.to_owned(),
            version: None,
        });
    }

    pub(super) fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// The versions of the next names; none at the end.
    pub(super) async fn next_groups(&mut self) -> Result<Option<Vec<Group>>, RecordsError> {
        if self.listed {
            return Ok(None);
        }
        let prefix = self.resolver.paths.objects();
        let listing = self
            .resolver
            .store
            .list_versions(&prefix, self.after.as_ref())
            .await?;
        let mut groups = Vec::new();
        for version in listing.versions {
            self.take(&prefix, version, &mut groups);
        }
        self.after = listing.next;
        if self.after.is_none() {
            self.listed = true;
            groups.push(std::mem::take(&mut self.open));
        }
        Ok(Some(groups))
    }

    /// The next records; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<StatesPage>, RecordsError> {
        let Some(groups) = self.next_groups().await? else {
            return Ok(None);
        };
        let last = groups.iter().rev().find_map(|group| group.first());
        let cursor = last.map(|version| version.name.clone());
        let (resolver, times) = (&self.resolver, &self.times[..]);
        let records: Vec<Resolved> = stream::iter(groups)
            .map(|group| resolver.states(group, times))
            .buffered(CONCURRENCY)
            .try_collect()
            .await?;
        let mut page = StatesPage {
            cursor,
            ..StatesPage::default()
        };
        for record in records {
            match record {
                Resolved::Record(record)
                    if record.states.iter().any(Option::is_some)
                        && self.range.contains(record.key.as_str()) =>
                {
                    page.records.push(record);
                }
                Resolved::Record(_) | Resolved::Nothing => {}
                Resolved::Trouble(trouble) => page.troubles.push(trouble),
            }
        }
        Ok(Some(page))
    }

    fn take(&mut self, prefix: &str, version: ListedVersion, groups: &mut Vec<Group>) {
        if hash_of(prefix, &version.name).is_none() {
            self.foreign += 1;
            let is_new = self.foreign_names.last() != Some(&version.name);
            if is_new && self.foreign_names.len() < FOREIGN_NAMES {
                self.foreign_names.push(version.name);
            }
            return;
        }
        let another = self
            .open
            .first()
            .is_some_and(|open| open.name != version.name);
        if another {
            groups.push(std::mem::take(&mut self.open));
        }
        self.open.push(version);
    }
}

fn hash_of<'n>(prefix: &str, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(prefix).filter(|hash| is_hash(hash))
}
