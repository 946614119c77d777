use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::convert::store_events;
use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
    event::{Change, Event, Moment},
    key::RecordKey,
    lines::ItemLines,
    ports::{GetObject, ObjectStore},
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

    pub(super) async fn object(
        &mut self,
        name: &str,
        body: Bytes,
        at: Timestamp,
    ) -> Result<(), RecordsError> {
        self.import.objects += 1;
        for item in ItemLines::new(name, body) {
            let item = match item {
                Ok(item) => item,
                Err(trouble) => {
                    self.trouble(trouble);
                    continue;
                }
            };
            match RecordKey::of_item(self.to.schema(), &item) {
                Ok(key) => self.events.push(Event {
                    key,
                    moment: Moment::import(at, 0),
                    change: Change::Put(item),
                }),
                Err(error) => {
                    let start: String = item.as_str().chars().take(200).collect();
                    self.trouble(Trouble::new(name, format!("{error}: {start}")));
                    continue;
                }
            }
            self.import.records += 1;
            if self.events.len() >= SEGMENT_EVENTS {
                store_events(self.to, std::mem::take(&mut self.events)).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn finish(self) -> Result<LinesImport, RecordsError> {
        store_events(self.to, self.events).await?;
        Ok(self.import)
    }
}
