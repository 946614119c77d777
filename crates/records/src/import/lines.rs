use std::sync::Arc;

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

/// Stores the records of compressed lines: data files of an export, a snapshot, or the segments of
/// a table dump. They count as the state at `as_of`; without it, as of when each object was
/// written.
pub async fn import_lines(
    store: &Arc<dyn ObjectStore>,
    objects: &[String],
    as_of: Option<Timestamp>,
    to: &Applier,
) -> Result<LinesImport, RecordsError> {
    let mut import = LinesImport::default();
    let mut events = Vec::new();
    for name in objects {
        let object = store.get(&GetObject::new(name)).await?;
        let at = as_of.unwrap_or(object.head.modified);
        import.objects += 1;
        for item in ItemLines::new(name, object.body) {
            let item = match item {
                Ok(item) => item,
                Err(trouble) => {
                    import.troubles.push(trouble);
                    continue;
                }
            };
            match RecordKey::of_item(to.schema(), &item) {
                Ok(key) => events.push(Event {
                    key,
                    moment: Moment::import(at, 0),
                    change: Change::Put(item),
                }),
                Err(error) => {
                    let start: String = item.as_str().chars().take(200).collect();
                    import
                        .troubles
                        .push(Trouble::new(name, format!("{error}: {start}")));
                    continue;
                }
            }
            import.records += 1;
            if events.len() >= SEGMENT_EVENTS {
                store_events(to, std::mem::take(&mut events)).await?;
            }
        }
    }
    store_events(to, events).await?;
    Ok(import)
}
