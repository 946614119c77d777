use std::collections::BTreeMap;

use futures::{StreamExt, stream};

use super::understand;
use crate::{
    error::{RecordsError, Trouble},
    event::{Event, Sequence},
    index::{Gap, IndexDocument, IndexHandle, LayoutKind, Quarantined, ShardEntry, Updated},
    key::{KeySchema, RecordKey},
    objects::{ObjectWriter, Written},
    ports::{Condition, PortErrorKind, PutObject, StreamRecord},
    segment::write_segment,
};

/// Records written at a time in the objects layout.
const CONCURRENCY: usize = 32;

/// Stores batches of a stream's records. The same batch stored twice, or batches stored in
/// another order, leave the same backup.
#[derive(Clone)]
pub struct Applier {
    index: IndexHandle,
    layout: LayoutKind,
    schema: KeySchema,
    objects: ObjectWriter,
}

/// What moves in the index together with a batch: how far shards are stored, and gaps met.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// How far each shard is stored once the batch is.
    pub shards: BTreeMap<String, ShardEntry>,
    /// Gaps met on the way.
    pub gaps: Vec<Gap>,
    /// Shards that the stream forgot and that need not be remembered.
    pub forgotten: Vec<String>,
}

impl Marks {
    /// Nothing moves.
    pub fn is_empty(&self) -> bool {
        self.shards.is_empty() && self.gaps.is_empty() && self.forgotten.is_empty()
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Changes stored now.
    pub stored: u64,
    /// Changes that were stored already, or are older than what is there.
    pub older: u64,
    /// Changes that could not be understood; their text is kept.
    pub quarantined: Vec<Trouble>,
    /// The earliest record that could not be stored: it and all after it must come again. None
    /// when all are stored.
    pub failed: Option<Failed>,
}

/// A record that could not be stored.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Its sequence number, digits as the service wrote them.
    pub sequence: String,
    /// Why.
    pub error: RecordsError,
}

/// A change on its way into the objects layout.
struct Change {
    event: Event,
    /// `eventID`.
    id: String,
    /// Its sequence number, digits as the service wrote them.
    sequence: String,
}

impl Applier {
    /// Stores into the backup that has this index.
    pub async fn open(index: IndexHandle) -> Result<Self, RecordsError> {
        let document = index.load().await?;
        Ok(Self::new(index, &document))
    }

    /// Stores into the backup that has this index, as read before.
    pub fn new(index: IndexHandle, document: &IndexDocument) -> Self {
        let schema = document.table.key_schema.clone();
        let objects =
            ObjectWriter::new(index.store().clone(), index.paths().clone(), schema.clone());
        Self {
            index,
            layout: document.layout,
            schema,
            objects,
        }
    }

    /// The index.
    pub fn index(&self) -> &IndexHandle {
        &self.index
    }

    /// The key of the table's records.
    pub fn schema(&self) -> &KeySchema {
        &self.schema
    }

    /// How changes are stored.
    pub fn layout(&self) -> LayoutKind {
        self.layout
    }

    pub(super) fn objects(&self) -> &ObjectWriter {
        &self.objects
    }

    /// Stores a batch, then moves the marks. An error means that nothing can be said of the batch:
    /// let it come again. Records that make no sense are put aside with their text, and the rest
    /// goes on.
    pub async fn apply(
        &self,
        records: &[StreamRecord],
        marks: &Marks,
    ) -> Result<Applied, RecordsError> {
        let mut applied = Applied::default();
        let mut events = Vec::with_capacity(records.len());
        let mut quarantine = Vec::new();
        for record in records {
            match understand(&self.schema, record) {
                Ok(event) => events.push((event, record)),
                Err(trouble) => {
                    quarantine.push(self.put_aside(record, &trouble).await?);
                    applied.quarantined.push(trouble);
                }
            }
        }
        let mut segment = None;
        match self.layout {
            LayoutKind::Segments => {
                applied.stored = count(events.len());
                let events = events.into_iter().map(|(event, _)| event).collect();
                segment = write_segment(self.index.store(), self.index.paths(), events).await?;
            }
            LayoutKind::Objects => {
                self.write_objects(events, &mut applied).await;
            }
        }
        // What was put aside does not come again with the rest, so it is entered even then.
        let still = Marks::default();
        let marks = if applied.failed.is_some() {
            &still
        } else {
            marks
        };
        if segment.is_none() && marks.is_empty() && quarantine.is_empty() {
            return Ok(applied);
        }
        self.index
            .update(|document| {
                if let Some(segment) = &segment {
                    document.add_segment(segment.clone());
                }
                for entry in &quarantine {
                    if !document.quarantine.contains(entry) {
                        document.quarantine.push(entry.clone());
                    }
                }
                move_marks(document, marks);
                Ok(Updated::Write(()))
            })
            .await?;
        Ok(applied)
    }

    async fn write_objects(&self, events: Vec<(Event, &StreamRecord)>, applied: &mut Applied) {
        // Owned, so that the futures below are `Send` wherever this one is spawned.
        let mut by_key: BTreeMap<RecordKey, Vec<Change>> = BTreeMap::new();
        for (event, record) in events {
            by_key.entry(event.key.clone()).or_default().push(Change {
                event,
                id: record.event_id.clone(),
                sequence: record.sequence_number.clone(),
            });
        }
        let results: Vec<(Applied, Option<Failed>)> = stream::iter(by_key.into_values())
            .map(|mut changes| async move {
                changes.sort_by_key(|change| change.event.moment);
                let mut applied = Applied::default();
                for Change {
                    event,
                    id,
                    sequence,
                } in changes
                {
                    match self.objects.write(&event, Some(&id)).await {
                        Ok(Written::Stored) => applied.stored += 1,
                        Ok(Written::Older) => applied.older += 1,
                        Err(error) => {
                            return (applied, Some(Failed { sequence, error }));
                        }
                    }
                }
                (applied, None)
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        for (part, failed) in results {
            applied.stored += part.stored;
            applied.older += part.older;
            let earlier = |failed: &Failed, than: &Failed| {
                Sequence::parse(&failed.sequence).ok() < Sequence::parse(&than.sequence).ok()
            };
            if let Some(failed) = failed
                && applied
                    .failed
                    .as_ref()
                    .is_none_or(|than| earlier(&failed, than))
            {
                applied.failed = Some(failed);
            }
        }
    }

    async fn put_aside(
        &self,
        record: &StreamRecord,
        trouble: &Trouble,
    ) -> Result<Quarantined, RecordsError> {
        let text = |bytes: &bytes::Bytes| String::from_utf8_lossy(bytes).into_owned();
        let body = serde_json::json!({
            "eventID": record.event_id,
            "eventName": record.event_name,
            "sequenceNumber": record.sequence_number,
            "createdMilliseconds": record.created.as_millisecond(),
            "keysText": text(&record.keys),
            "newImageText": record.new_image.as_ref().map(text),
            "oldImageText": record.old_image.as_ref().map(text),
            "why": trouble.what,
        });
        let safe: String = record
            .sequence_number
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(60)
            .collect();
        let object = self.index.paths().quarantine(&safe);
        let put = PutObject::new(&object, body.to_string()).when(Condition::Absent);
        match self.index.store().put(&put).await {
            Ok(_) => {}
            Err(error) if error.kind == PortErrorKind::PreconditionFailed => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Quarantined {
            object,
            sequence: record.sequence_number.clone(),
            key: text(&record.keys).chars().take(200).collect(),
            at: record.created,
            why: trouble.what.clone(),
        })
    }
}

/// Marks only move forward, so that a late writer takes nothing back.
fn move_marks(document: &mut IndexDocument, marks: &Marks) {
    for gap in &marks.gaps {
        let known = document
            .gaps
            .iter()
            .any(|have| have.shard == gap.shard && have.after_sequence == gap.after_sequence);
        if !known {
            document.gaps.push(gap.clone());
        }
    }
    let Some(capture) = &mut document.capture else {
        return;
    };
    for (shard, entry) in &marks.shards {
        let have = capture.shards.entry(shard.clone()).or_default();
        have.parent = entry.parent.clone().or(have.parent.take());
        let number = |sequence: &Option<String>| {
            sequence
                .as_deref()
                .and_then(|text| Sequence::parse(text).ok())
        };
        if number(&entry.mark.sequence) > number(&have.mark.sequence) {
            have.mark.sequence.clone_from(&entry.mark.sequence);
        }
        have.mark.at = have.mark.at.max(entry.mark.at);
        have.mark.closed |= entry.mark.closed;
    }
    for shard in &marks.forgotten {
        capture.shards.remove(shard);
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
