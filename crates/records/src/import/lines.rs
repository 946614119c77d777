use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{convert::store_events, settle::settle};
use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
    event::{Change, Event, Moment},
    key::RecordKey,
    lines::{ChangeLines, ExportedChange, ItemLines},
    ports::{GetObject, ObjectStore},
    wire::Item,
};

/// Records of one segment.
const SEGMENT_EVENTS: usize = 50_000;

/// What an import of lines brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinesImport {
    /// Records stored.
    pub records: u64,
    /// Objects read.
    pub objects: u64,
    /// Records among them that were gone by the time at which the table was captured first: stored as deleted then.
    pub deleted: u64,
    /// Objects or lines that could not be read; the rest was.
    pub troubles: Vec<Trouble>,
}

/// Stores the records of compressed lines: a snapshot, or the segments of a table dump. They count
/// as the state at `as_of`; without it, as of when each object was written.
pub async fn import_lines(
    store: &Arc<dyn ObjectStore>,
    objects: &[String],
    as_of: Option<Timestamp>,
    to: &Applier,
) -> Result<LinesImport, RecordsError> {
    let mut importer = Importer::new(to);
    for name in objects {
        let object = store.get(&GetObject::new(name)).await?;
        let at = as_of.unwrap_or(object.head.modified);
        importer.object(name, object.body, at).await?;
    }
    importer.finish().await
}

/// Stores records object by object.
pub(super) struct Importer<'a> {
    to: &'a Applier,
    import: LinesImport,
    events: Vec<Event>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(to: &'a Applier) -> Self {
        Self {
            to,
            import: LinesImport::default(),
            events: Vec::new(),
        }
    }

    pub(super) fn trouble(&mut self, trouble: Trouble) {
        self.import.troubles.push(trouble);
    }

    /// Stores the records of an object, and answers how many lines it has.
    pub(super) async fn object(
        &mut self,
        name: &str,
        body: Bytes,
        at: Timestamp,
    ) -> Result<u64, RecordsError> {
        self.import.objects += 1;
        let mut lines = 0;
        for item in ItemLines::new(name, body) {
            lines += 1;
            match item {
                Ok(item) => {
                    let change = Change::Put(item.clone());
                    self.change(name, &item, Moment::import(at, 0), change)
                        .await?;
                }
                Err(trouble) => self.trouble(trouble),
            }
        }
        Ok(lines)
    }

    /// The same of an object that holds changes, each with a time of its own.
    pub(super) async fn changes(&mut self, name: &str, body: Bytes) -> Result<u64, RecordsError> {
        self.import.objects += 1;
        let mut lines = 0;
        for change in ChangeLines::new(name, body) {
            lines += 1;
            match change {
                Ok(ExportedChange { at, keys, new }) => {
                    let change = new.map_or(Change::Delete, Change::Put);
                    self.change(name, &keys, Moment::import(at, 0), change)
                        .await?;
                }
                Err(trouble) => self.trouble(trouble),
            }
        }
        Ok(lines)
    }

    /// Keeps one change; `keys` has the attributes of the record's key.
    async fn change(
        &mut self,
        name: &str,
        keys: &Item,
        moment: Moment,
        change: Change,
    ) -> Result<(), RecordsError> {
        match RecordKey::of_item(self.to.schema(), keys) {
            Ok(key) => self.events.push(Event {
                key,
                moment,
                change,
            }),
            Err(error) => {
                let start: String = keys.as_str().chars().take(200).collect();
                self.trouble(Trouble::new(name, format!("{error}: {start}")));
                return Ok(());
            }
        }
        self.import.records += 1;
        if self.events.len() >= SEGMENT_EVENTS {
            store_events(self.to, std::mem::take(&mut self.events)).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<LinesImport, RecordsError> {
        store_events(self.to, self.events).await?;
        self.import.deleted = settle(self.to, &mut self.import.troubles).await?;
        Ok(self.import)
    }
}
