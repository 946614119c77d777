use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{ObjectNote, OddNames, name_set::NameSet};
use crate::{
    error::{RecordsError, Trouble},
    event::{Change, Moment, Origin, Version, in_order},
    index::BackupPaths,
    key::{KeySchema, RecordKey, object_names, spelled_names},
    ports::{GetObject, ListedVersion, ObjectStore, PortErrorKind},
    states::RecordStates,
    wire::{Item, MAX_ITEM_BYTES},
};

/// Versions of one name, newest first.
pub(super) type Group = Vec<ListedVersion>;

/// Finds out what a record was, from the versions of all of its names.
pub(crate) struct Resolver {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) paths: BackupPaths,
    schema: KeySchema,
    pub(super) names: NameSet,
    odd: Arc<OddNames>,
}

/// A version as fetched.
#[derive(Clone)]
struct Fetched {
    /// What it says of itself; none for the older tool's.
    note: Option<ObjectNote>,
    item: Item,
}

/// What became of a name.
pub(super) enum Resolved {
    /// A record.
    Record(RecordStates),
    /// The record is told by another of its names, or there never was one.
    Nothing,
    /// It cannot be read.
    Trouble(Trouble),
}

/// Fetched versions of the names of one record, by name and version.
type Cache = BTreeMap<(String, String), Fetched>;

impl Resolver {
    /// A resolver that asks for every name.
    pub(crate) fn new(store: Arc<dyn ObjectStore>, paths: BackupPaths, schema: KeySchema) -> Self {
        Self {
            store,
            paths,
            schema,
            names: NameSet::default(),
            odd: Arc::default(),
        }
    }

    /// The same, which knows of names that keys do not tell.
    #[must_use]
    pub(crate) fn knowing(mut self, odd: Arc<OddNames>) -> Self {
        self.odd = odd;
        self
    }

    /// The states of the record one of whose names has these versions.
    pub(super) async fn states(
        &self,
        group: Group,
        times: &[Timestamp],
    ) -> Result<Resolved, RecordsError> {
        match self.try_states(group, times).await {
            // What cannot be read is told; what cannot be reached ends the reading.
            Err(RecordsError::BadObject { object, what }) => {
                Ok(Resolved::Trouble(Trouble::new(object, what)))
            }
            result => result,
        }
    }

    async fn try_states(
        &self,
        group: Group,
        times: &[Timestamp],
    ) -> Result<Resolved, RecordsError> {
        let mut cache = Cache::new();
        let Some(newest) = group.iter().find(|version| !version.deleted) else {
            return Ok(Resolved::Nothing);
        };
        let own = newest.name.clone();
        let key = self.key(&own, &self.fetch(&mut cache, newest).await?.item)?;
        let own_hash = self.hash(&own).to_owned();
        let mut groups = vec![group];
        for hash in self.odd.names(&key, &self.schema) {
            if hash == own_hash || !self.names.may_have(&hash) {
                continue;
            }
            let name = self.paths.object(&hash);
            let other = self.versions(&name).await?;
            if name < own && other.iter().any(|version| !version.deleted) {
                return Ok(Resolved::Nothing);
            }
            groups.push(other);
        }
        let mut states = Vec::with_capacity(times.len());
        for time in times {
            let mut best: Option<Version> = None;
            for group in &groups {
                let version = self.at(&mut cache, group, *time).await?;
                best = newer(best, version);
            }
            states.push(best);
        }
        Ok(Resolved::Record(RecordStates { key, states }))
    }

    /// Every version of one record, oldest first.
    pub(crate) async fn history(&self, key: &RecordKey) -> Result<Vec<Version>, RecordsError> {
        let mut cache = Cache::new();
        let mut versions = Vec::new();
        for hash in self.odd.names(key, &self.schema) {
            if !self.names.may_have(&hash) {
                continue;
            }
            let group = self.versions(&self.paths.object(&hash)).await?;
            for place in 0..group.len() {
                versions.extend(self.version(&mut cache, &group, place).await?);
            }
        }
        in_order(&mut versions);
        Ok(versions)
    }

    fn hash<'n>(&self, name: &'n str) -> &'n str {
        name.strip_prefix(&self.paths.objects()).unwrap_or(name)
    }

    fn key(&self, name: &str, item: &Item) -> Result<RecordKey, RecordsError> {
        let key = RecordKey::of_item(&self.schema, item)
            .map_err(|error| RecordsError::object(name, error))?;
        let hash = self.hash(name);
        let is_own = |names: &[String]| names.iter().any(|own| own == hash);
        if is_own(&object_names(&key, &self.schema))
            || spelled_names(&self.schema, item).is_ok_and(|names| is_own(&names))
        {
            return Ok(key);
        }
        Err(RecordsError::object(
            name,
            format!("it holds the record {key}, whose object has another name"),
        ))
    }

    /// The version of one name that holds at `time`.
    async fn at(
        &self,
        cache: &mut Cache,
        group: &Group,
        time: Timestamp,
    ) -> Result<Option<Version>, RecordsError> {
        let mut best: Option<Version> = None;
        for place in 0..group.len() {
            let Some(version) = self.version(cache, group, place).await? else {
                continue;
            };
            if !version.moment.is_by(time) {
                continue;
            }
            let in_order = version.moment.origin != Origin::Backfill;
            best = newer(best, Some(version));
            // Only a backfill may have come to lie over a newer version, a deletion.
            if in_order {
                break;
            }
        }
        Ok(best)
    }

    /// One version of a name; none for a marker that only completes a tombstone.
    async fn version(
        &self,
        cache: &mut Cache,
        group: &Group,
        place: usize,
    ) -> Result<Option<Version>, RecordsError> {
        let listed = &group[place];
        let ordinal = u32::try_from(group.len() - place).unwrap_or(u32::MAX);
        let older = Moment::import(listed.modified, ordinal);
        if listed.deleted {
            let beneath = group[place + 1..].iter().find(|version| !version.deleted);
            if let Some(beneath) = beneath {
                let note = self.fetch(cache, beneath).await?.note;
                if note.is_some_and(|note| note.deleted) {
                    return Ok(None);
                }
            }
            return Ok(Some(Version {
                moment: older,
                change: Change::Delete,
            }));
        }
        let fetched = self.fetch(cache, listed).await?;
        let (moment, deleted) = match fetched.note {
            Some(note) => (note.moment, note.deleted),
            None => (older, false),
        };
        let change = if deleted {
            Change::Delete
        } else {
            Change::Put(fetched.item)
        };
        Ok(Some(Version { moment, change }))
    }

    async fn fetch(
        &self,
        cache: &mut Cache,
        listed: &ListedVersion,
    ) -> Result<Fetched, RecordsError> {
        let place = (listed.name.clone(), listed.version.clone());
        if let Some(fetched) = cache.get(&place) {
            return Ok(fetched.clone());
        }
        let request = GetObject::version(&listed.name, Some(listed.version.clone()));
        let subject = || format!("{} version {}", listed.name, listed.version);
        if usize::try_from(listed.size).unwrap_or(usize::MAX) > MAX_ITEM_BYTES {
            let what = format!("it has {} bytes, which no item has", listed.size);
            return Err(RecordsError::object(subject(), what));
        }
        let object = match self.store.get(&request).await {
            Ok(object) => object,
            Err(error) if error.kind == PortErrorKind::NotFound => {
                return Err(RecordsError::object(subject(), "the version is gone"));
            }
            Err(error) => return Err(error.into()),
        };
        let fetched = Fetched {
            note: ObjectNote::read(&object.head.metadata),
            item: Item::parse(object.body)
                .map_err(|error| RecordsError::object(subject(), error))?,
        };
        cache.insert(place, fetched.clone());
        Ok(fetched)
    }

    async fn versions(&self, name: &str) -> Result<Group, RecordsError> {
        let mut group = Group::new();
        let mut after = None;
        loop {
            let page = self.store.list_versions(name, after.as_ref()).await?;
            group.extend(page.versions.into_iter().filter(|v| v.name == name));
            match page.next {
                Some(next) if next.name == name => after = Some(next),
                _ => return Ok(group),
            }
        }
    }
}

fn newer(one: Option<Version>, other: Option<Version>) -> Option<Version> {
    match (one, other) {
        (Some(one), Some(other)) if one.moment < other.moment => Some(other),
        (None, other) => other,
        (one, _) => one,
    }
}
