use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;

use super::{KeyRange, Recent, RecordHistory, SegmentMerge, SegmentStates, StatesPage};
use crate::{
    error::{RecordsError, Trouble},
    index::{IndexDocument, IndexHandle, LayoutKind},
    key::{KeySchema, RecordKey},
    objects::{ObjectStates, OddNames, Resolver},
    ports::ObjectStore,
};

/// One table's backup, open for reading: ours by its index, or the older tool's by its key schema.
#[derive(Clone)]
pub struct Backup {
    index: IndexHandle,
    form: Form,
}

#[derive(Clone)]
enum Form {
    Indexed(Box<IndexDocument>),
    Older(KeySchema),
}

/// States of records, from either layout.
pub enum States {
    /// From segments, sorted by key.
    Segments(Box<SegmentStates>),
    /// From objects, in the order of their names.
    Objects(Box<ObjectStates>),
}

/// Up to so many records are looked up one by one.
const FEW: usize = 16;

impl States {
    /// The next records; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<StatesPage>, RecordsError> {
        match self {
            Self::Segments(states) => states.next_page().await,
            Self::Objects(states) => states.next_page().await,
        }
    }

    /// Goes on after the page that ended there, of the same times and range.
    pub fn resume(&mut self, cursor: &str) {
        match self {
            Self::Segments(states) => states.resume(cursor),
            Self::Objects(states) => states.resume(cursor),
        }
    }

    /// Everything at once; for tests and small backups.
    pub async fn all(mut self) -> Result<StatesPage, RecordsError> {
        let mut all = StatesPage::default();
        while let Some(page) = self.next_page().await? {
            all.records.extend(page.records);
            all.troubles.extend(page.troubles);
        }
        Ok(all)
    }
}

impl Backup {
    /// Opens a backup of ours.
    pub async fn open(index: IndexHandle) -> Result<Self, RecordsError> {
        let document = index.load().await?;
        Ok(Self {
            index,
            form: Form::Indexed(Box::new(document)),
        })
    }

    /// Opens a backup that the older tool made; its objects do not say what the key is.
    pub fn older(index: IndexHandle, schema: KeySchema) -> Self {
        Self {
            index,
            form: Form::Older(schema),
        }
    }

    /// The index as it was when the backup was opened; none for the older tool's.
    pub fn document(&self) -> Option<&IndexDocument> {
        match &self.form {
            Form::Indexed(document) => Some(document),
            Form::Older(_) => None,
        }
    }

    /// The index's handle.
    pub fn handle(&self) -> &IndexHandle {
        &self.index
    }

    /// The key of the backup's records.
    pub fn schema(&self) -> &KeySchema {
        match &self.form {
            Form::Indexed(document) => &document.table.key_schema,
            Form::Older(schema) => schema,
        }
    }

    /// Times are S3's, in whole seconds: the older tool kept no others.
    pub fn is_precise(&self) -> bool {
        matches!(self.form, Form::Indexed(_))
    }

    /// The states at `times` of the records in `range`.
    pub async fn states(
        &self,
        times: &[Timestamp],
        range: KeyRange,
    ) -> Result<States, RecordsError> {
        let times = times.to_vec();
        if let Form::Indexed(document) = &self.form
            && document.layout == LayoutKind::Segments
        {
            let states = SegmentStates::open(self.store().clone(), document, times, range).await?;
            return Ok(States::Segments(Box::new(states)));
        }
        let states = ObjectStates::open(
            self.store().clone(),
            self.index.paths().clone(),
            self.schema().clone(),
            times,
            range,
        )
        .await?
        .knowing(self.odd_names().await?);
        Ok(States::Objects(Box::new(states)))
    }

    /// Every known version of one record.
    pub async fn history(&self, key: &RecordKey) -> Result<RecordHistory, RecordsError> {
        if let Form::Indexed(document) = &self.form
            && document.layout == LayoutKind::Segments
        {
            let range = RecordHistory::range(key);
            let merge =
                SegmentMerge::of_index(self.store().clone(), document, range, i64::MAX).await?;
            return RecordHistory::of_segments(key, merge).await;
        }
        let resolver = Resolver::new(
            self.store().clone(),
            self.index.paths().clone(),
            self.schema().clone(),
        )
        .knowing(self.odd_names().await?);
        Ok(RecordHistory {
            key: key.clone(),
            versions: resolver.history(key).await?,
            troubles: Vec::new(),
        })
    }

    /// What each of these records was from `since` on; for a moderate number.
    pub async fn recent(
        &self,
        keys: &[RecordKey],
        since: Timestamp,
    ) -> Result<Recent, RecordsError> {
        let mut recent = Recent::new(since);
        if let Form::Indexed(document) = &self.form
            && document.layout == LayoutKind::Segments
            && keys.len() > FEW
        {
            // One pass over everything is cheaper than one look for each.
            let wanted: BTreeSet<&RecordKey> = keys.iter().collect();
            let store = self.store().clone();
            let mut merge =
                SegmentMerge::of_index(store, document, KeyRange::all(), i64::MAX).await?;
            while let Some(event) = merge.next_event().await? {
                if wanted.contains(&event.key) {
                    recent.take(event.key.clone(), event.into());
                }
            }
            recent.troubles.extend(merge.take_troubles());
            recent.sort();
            return Ok(recent);
        }
        for key in keys {
            match self.history(key).await {
                Ok(history) => recent.take_all(history),
                Err(RecordsError::BadObject { object, what }) => {
                    recent.troubles.push(Trouble::new(object, what));
                }
                Err(error) => return Err(error),
            }
        }
        recent.sort();
        Ok(recent)
    }

    /// Names of objects that keys do not tell: looked for once, and only where earlier releases may
    /// have left some.
    pub(crate) async fn odd_names(&self) -> Result<Arc<OddNames>, RecordsError> {
        match &self.form {
            Form::Indexed(document)
                if document.layout == LayoutKind::Objects
                    && !document.canonical_names
                    && document.table.key_schema.has_numbers() =>
            {
                self.index.odd_names(&document.table.key_schema).await
            }
            _ => Ok(Arc::default()),
        }
    }

    fn store(&self) -> &Arc<dyn ObjectStore> {
        self.index.store()
    }
}
