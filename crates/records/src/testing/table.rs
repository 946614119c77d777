use std::{
    collections::BTreeMap,
    io::Read as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tidemark_domain::TableSettings;

use super::{Faults, MemoryStore, StillClock, stream::MemoryShard};
use crate::{
    key::{KeySchema, RecordKey},
    ports::{
        BatchWritten, Billing, Clock, Expected, Export, ExportState, ImportRequest, ImportState,
        MADE_FOR, PortError, PortErrorKind, ScanPage, ScanRequest, SourceTable, StreamDescription,
        StreamRecord, StreamView, TableDescription, TableWrite,
    },
    wire::Item,
};

pub(super) const STREAM: &str =
    "arn:aws:dynamodb:eu-west-1:111122223333:table/memory/stream/2027-01-15T08:00:00.000";

/// A table in memory with a stream of new images. Clones share it.
#[derive(Clone)]
pub struct MemoryTable {
    name: String,
    state: Arc<Mutex<State>>,
    clock: StillClock,
    faults: Faults,
    bucket: Option<MemoryStore>,
}

struct State {
    schema: KeySchema,
    view: Option<StreamView>,
    exists: bool,
    made_for: Option<String>,
    created_at: Option<Timestamp>,
    items: BTreeMap<RecordKey, Item>,
    shards: Vec<MemoryShard>,
    sequence: u64,
    /// What each change replaced, and when.
    past: Vec<(Timestamp, RecordKey, Option<Item>)>,
    /// How far scans that are not consistent lag behind.
    lag: Duration,
    /// Writes of the next batches that come back unprocessed.
    unprocessed: usize,
    imports: Vec<u64>,
}

impl MemoryTable {
    /// An empty table without a stream.
    pub fn new(name: impl Into<String>, schema: KeySchema, clock: StillClock) -> Self {
        Self {
            name: name.into(),
            state: Arc::new(Mutex::new(State {
                schema,
                view: None,
                exists: true,
                made_for: None,
                created_at: None,
                items: BTreeMap::new(),
                shards: Vec::new(),
                sequence: 100_000_000_000,
                past: Vec::new(),
                lag: Duration::ZERO,
                unprocessed: 0,
                imports: Vec::new(),
            })),
            clock,
            faults: Faults::none(),
            bucket: None,
        }
    }

    /// A name under which no table is yet; imports read from `bucket`.
    pub fn missing(
        name: impl Into<String>,
        schema: KeySchema,
        clock: StillClock,
        bucket: MemoryStore,
    ) -> Self {
        let mut table = Self::new(name, schema, clock);
        table.bucket = Some(bucket);
        table.lock().exists = false;
        table
    }

    /// The same table as another process with its own faults sees it.
    #[must_use]
    pub fn with_faults(&self, faults: Faults) -> Self {
        Self {
            faults,
            ..self.clone()
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Deletes the table, as somebody else would.
    pub fn vanish(&self) {
        let mut state = self.lock();
        state.exists = false;
        state.items.clear();
    }

    /// Switches the stream on, with two shards.
    pub fn enable_stream(&self, view: StreamView) {
        let mut state = self.lock();
        state.view = Some(view);
        if state.shards.is_empty() {
            let half = u64::MAX / 2;
            for (number, from, to) in [(0, 0, half), (1, half + 1, u64::MAX)] {
                state.shards.push(MemoryShard {
                    id: format!("shard-{number:04}"),
                    from,
                    to,
                    ..MemoryShard::default()
                });
            }
        }
    }

    /// Switches the stream off; what it held is forgotten.
    pub fn disable_stream(&self) {
        let mut state = self.lock();
        state.view = None;
        state.shards.clear();
    }

    /// Closes every open shard and opens two children for each wide one, and one for each other.
    pub fn reshard(&self) {
        let mut state = self.lock();
        let open: Vec<usize> = (0..state.shards.len())
            .filter(|place| !state.shards[*place].closed)
            .collect();
        for place in open {
            state.shards[place].closed = true;
            let (id, from, to) = {
                let shard = &state.shards[place];
                (shard.id.clone(), shard.from, shard.to)
            };
            let middle = from + (to - from) / 2;
            let ranges = if to - from > u64::MAX / 8 {
                vec![(from, middle), (middle + 1, to)]
            } else {
                vec![(from, to)]
            };
            for (from, to) in ranges {
                let number = state.shards.len();
                state.shards.push(MemoryShard {
                    id: format!("shard-{number:04}"),
                    parent: Some(id.clone()),
                    from,
                    to,
                    ..MemoryShard::default()
                });
            }
        }
    }

    /// Forgets the stream's records of all shards up to now.
    pub fn trim(&self) {
        for shard in &mut self.lock().shards {
            shard.trimmed = shard.records.len();
        }
    }

    /// Forgets closed shards altogether.
    pub fn forget_closed_shards(&self) {
        self.lock().shards.retain(|shard| !shard.closed);
    }

    /// Scans that are not consistent show the table as it was so long ago.
    pub fn lag_behind(&self, lag: Duration) {
        self.lock().lag = lag;
    }

    /// The next so many writes of batches come back unprocessed.
    pub fn leave_unprocessed(&self, writes: usize) {
        self.lock().unprocessed = writes;
    }

    pub(super) fn shards(&self) -> Vec<MemoryShard> {
        self.lock().shards.clone()
    }

    /// Every record that the stream ever had, by shard.
    pub fn stream_records(&self) -> Vec<Vec<StreamRecord>> {
        self.lock()
            .shards
            .iter()
            .map(|shard| shard.records.clone())
            .collect()
    }

    /// All records.
    pub fn items(&self) -> BTreeMap<RecordKey, Item> {
        self.lock().items.clone()
    }

    /// The key's schema.
    pub fn schema(&self) -> KeySchema {
        self.lock().schema.clone()
    }

    /// Puts a record, as a client of the table does.
    pub fn put(&self, item: Item) {
        let mut state = self.lock();
        if let Ok(key) = RecordKey::of_item(&state.schema, &item) {
            let old = state.items.insert(key.clone(), item.clone());
            self.remember(&mut state, &key, old.clone());
            self.record(&mut state, &key, old, Some(item));
        }
    }

    /// Deletes a record, as a client of the table does.
    pub fn delete(&self, key: &RecordKey) {
        let mut state = self.lock();
        if let Some(old) = state.items.remove(key) {
            self.remember(&mut state, key, Some(old.clone()));
            self.record(&mut state, key, Some(old), None);
        }
    }

    fn remember(&self, state: &mut State, key: &RecordKey, old: Option<Item>) {
        if state.lag > Duration::ZERO {
            state.past.push((self.clock.now(), key.clone(), old));
        }
    }

    /// The records as a scan that is not consistent sees them.
    fn lagging(&self, state: &State) -> BTreeMap<RecordKey, Item> {
        let mut items = state.items.clone();
        let then = self.clock.now() - state.lag;
        for (at, key, old) in state.past.iter().rev() {
            if *at <= then {
                break;
            }
            match old {
                Some(old) => items.insert(key.clone(), old.clone()),
                None => items.remove(key),
            };
        }
        items
    }

    fn record(&self, state: &mut State, key: &RecordKey, old: Option<Item>, new: Option<Item>) {
        let Some(view) = state.view else {
            return;
        };
        if old == new {
            return;
        }
        state.sequence += 1;
        let number = state.sequence;
        let hash = hash(key.bytes());
        let now = self.clock.now();
        let has_new = view.has_new_image();
        let name = match (&old, &new) {
            (None, Some(_)) => "INSERT",
            (_, None) => "REMOVE",
            _ => "MODIFY",
        };
        let record = StreamRecord {
            event_id: format!("event-{number}"),
            event_name: name.to_owned(),
            keys: key.name_sorted(),
            new_image: new.filter(|_| has_new).map(|item| item.bytes().clone()),
            old_image: None,
            sequence_number: format!("{number:021}"),
            // DynamoDB rounds down to whole seconds.
            created: Timestamp::from_second(now.as_second()).unwrap_or(now),
        };
        let shard = state
            .shards
            .iter_mut()
            .find(|shard| !shard.closed && shard.from <= hash && hash <= shard.to);
        if let Some(shard) = shard {
            shard.records.push(record);
        }
    }

    fn refuse(&self, operation: &str, kind: PortErrorKind, message: &str) -> PortError {
        PortError::new(kind, operation, &self.name, message)
    }

    fn holds(&self, key: &RecordKey, expected: &Expected) -> bool {
        let state = self.lock();
        match (state.items.get(key), expected) {
            (None, Expected::Absent) => true,
            (Some(item), Expected::Image(image)) => {
                Item::parse(image.clone()).is_ok_and(|image| image == *item)
            }
            _ => false,
        }
    }

    fn key(&self, operation: &str, text: &Bytes) -> Result<RecordKey, PortError> {
        RecordKey::parse(&self.schema(), text.clone())
            .map_err(|error| self.refuse(operation, PortErrorKind::Invalid, &error.to_string()))
    }

    fn item(&self, operation: &str, text: &Bytes) -> Result<(RecordKey, Item), PortError> {
        let invalid = |what: String| self.refuse(operation, PortErrorKind::Invalid, &what);
        let item = Item::parse(text.clone()).map_err(|error| invalid(error.to_string()))?;
        let key = RecordKey::of_item(&self.schema(), &item)
            .map_err(|error| invalid(error.to_string()))?;
        Ok((key, item))
    }

    fn write_if(
        &self,
        operation: &str,
        key: &RecordKey,
        item: Option<Item>,
        expected: &Expected,
    ) -> Result<(), PortError> {
        if !self.holds(key, expected) {
            return Err(PortError::new(
                PortErrorKind::PreconditionFailed,
                operation,
                key.to_string(),
                "the condition does not hold",
            ));
        }
        match item {
            Some(item) => self.put(item),
            None => self.delete(key),
        }
        Ok(())
    }

    fn import_now(&self, request: &ImportRequest) -> Result<u64, PortError> {
        let operation = "dynamodb:ImportTable";
        let invalid = |what: String| self.refuse(operation, PortErrorKind::Invalid, &what);
        let Some(bucket) = &self.bucket else {
            return Err(invalid("the test has no bucket for imports".to_owned()));
        };
        if self.lock().exists {
            return Err(self.refuse(
                operation,
                PortErrorKind::Conflict,
                "there is a table already",
            ));
        }
        let mut imported = 0;
        for name in bucket.names() {
            if !name.starts_with(&request.prefix) {
                continue;
            }
            let mut text = String::new();
            let body = bucket.body(&name).unwrap_or_default();
            flate2::read::MultiGzDecoder::new(&body[..])
                .read_to_string(&mut text)
                .map_err(|error| invalid(format!("{name}: {error}")))?;
            for line in text.lines() {
                let item = line
                    .strip_prefix("{\"Item\":")
                    .and_then(|rest| rest.strip_suffix('}'))
                    .ok_or_else(|| invalid(format!("{name}: no item in {line}")))?;
                let (key, item) = self.item(operation, &item.to_owned().into())?;
                self.lock().items.insert(key, item);
                imported += 1;
            }
        }
        self.lock().exists = true;
        Ok(imported)
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Spread over the whole range.
    (hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[async_trait]
impl SourceTable for MemoryTable {
    fn name(&self) -> &str {
        &self.name
    }

    async fn describe(&self) -> Result<TableDescription, PortError> {
        let operation = "dynamodb:DescribeTable";
        let fate = self.faults.call(operation, &self.name)?;
        let state = self.lock();
        let answer = if state.exists {
            Ok(TableDescription {
                name: self.name.clone(),
                arn: format!(
                    "arn:aws:dynamodb:eu-west-1:111122223333:table/{}",
                    self.name
                ),
                key_schema: state.schema.clone(),
                attributes: state
                    .schema
                    .attributes()
                    .map(|attribute| (attribute.name.clone(), attribute.kind))
                    .collect(),
                billing: Billing::OnDemand,
                indexes: Vec::new(),
                stream: state.view.map(|view| StreamDescription {
                    arn: STREAM.to_owned(),
                    view,
                }),
                encryption: None,
                table_class: None,
                settings: TableSettings {
                    tags: state
                        .made_for
                        .iter()
                        .map(|made_for| (MADE_FOR.to_owned(), made_for.clone()))
                        .collect(),
                    ..TableSettings::default()
                },
                item_count: None,
                size_bytes: None,
                created_at: state.created_at,
            })
        } else {
            Err(self.refuse(operation, PortErrorKind::NotFound, "no such table"))
        };
        drop(state);
        self.faults.answer(fate, operation, &self.name, answer)
    }

    async fn scan(&self, request: &ScanRequest) -> Result<ScanPage, PortError> {
        let operation = "dynamodb:Scan";
        let fate = self.faults.call(operation, &self.name)?;
        let start = match &request.start {
            Some(start) => Some(self.key(operation, start)?),
            None => None,
        };
        let limit = request.limit.unwrap_or(1_000);
        let mut page = ScanPage::default();
        {
            let state = self.lock();
            let total = u64::from(request.total_segments.max(1));
            let mut last = None;
            let lagging = !request.consistent && state.lag > Duration::ZERO;
            let then = lagging.then(|| self.lagging(&state));
            for (key, item) in then.as_ref().unwrap_or(&state.items) {
                let elsewhere = hash(key.bytes()) % total != u64::from(request.segment);
                if elsewhere || start.as_ref().is_some_and(|start| key <= start) {
                    continue;
                }
                if page.items.len() == usize::try_from(limit).unwrap_or(usize::MAX) {
                    page.next = last;
                    break;
                }
                page.items.push(item.bytes().clone());
                page.capacity_milli += 500;
                last = Some(key.bytes().clone());
            }
        }
        self.faults.answer(fate, operation, &self.name, Ok(page))
    }

    async fn get(&self, key: &Bytes) -> Result<Option<Bytes>, PortError> {
        let operation = "dynamodb:GetItem";
        let fate = self.faults.call(operation, &String::from_utf8_lossy(key))?;
        let key = self.key(operation, key)?;
        let item = self.lock().items.get(&key).map(|item| item.bytes().clone());
        self.faults.answer(fate, operation, key.as_str(), Ok(item))
    }

    async fn batch_write(&self, writes: &[TableWrite]) -> Result<BatchWritten, PortError> {
        let operation = "dynamodb:BatchWriteItem";
        let fate = self.faults.call(operation, &self.name)?;
        let mut written = BatchWritten::default();
        for write in writes {
            let back = {
                let mut state = self.lock();
                let back = state.unprocessed > 0;
                state.unprocessed = state.unprocessed.saturating_sub(1);
                back
            };
            if back {
                written.unprocessed.push(write.clone());
                continue;
            }
            match write {
                TableWrite::Put(item) => self.put(self.item(operation, item)?.1),
                TableWrite::Delete(key) => self.delete(&self.key(operation, key)?),
            }
            written.capacity_milli += 1_000;
        }
        self.faults.answer(fate, operation, &self.name, Ok(written))
    }

    async fn put_if(&self, item: &Bytes, expected: &Expected) -> Result<(), PortError> {
        let operation = "dynamodb:PutItem";
        let (key, item) = self.item(operation, item)?;
        let fate = self.faults.call(operation, key.as_str())?;
        let answer = self.write_if(operation, &key, Some(item), expected);
        self.faults.answer(fate, operation, key.as_str(), answer)
    }

    async fn delete_if(&self, key: &Bytes, expected: &Expected) -> Result<(), PortError> {
        let operation = "dynamodb:DeleteItem";
        let key = self.key(operation, key)?;
        let fate = self.faults.call(operation, key.as_str())?;
        let answer = self.write_if(operation, &key, None, expected);
        self.faults.answer(fate, operation, key.as_str(), answer)
    }

    async fn create(&self, like: &TableDescription, made_for: &str) -> Result<(), PortError> {
        let operation = "dynamodb:CreateTable";
        let fate = self.faults.call(operation, &self.name)?;
        let answer = {
            let mut state = self.lock();
            if state.exists {
                Err(self.refuse(
                    operation,
                    PortErrorKind::Conflict,
                    "there is a table already",
                ))
            } else {
                state.exists = true;
                state.made_for = Some(made_for.to_owned());
                state.created_at = Some(self.clock.now());
                state.schema = like.key_schema.clone();
                Ok(())
            }
        };
        self.faults.answer(fate, operation, &self.name, answer)
    }

    async fn forget_mark(&self) -> Result<(), PortError> {
        let operation = "dynamodb:UntagResource";
        let fate = self.faults.call(operation, &self.name)?;
        self.lock().made_for = None;
        self.faults.answer(fate, operation, &self.name, Ok(()))
    }

    async fn wait_until_active(&self) -> Result<(), PortError> {
        let operation = "dynamodb:DescribeTable";
        let fate = self.faults.call(operation, &self.name)?;
        let answer = if self.lock().exists {
            Ok(())
        } else {
            Err(self.refuse(operation, PortErrorKind::NotFound, "there is no such table"))
        };
        self.faults.answer(fate, operation, &self.name, answer)
    }

    async fn import(&self, request: &ImportRequest) -> Result<String, PortError> {
        let operation = "dynamodb:ImportTable";
        let fate = self.faults.call(operation, &self.name)?;
        let answer = self.import_now(request).map(|imported| {
            let mut state = self.lock();
            state.imports.push(imported);
            format!("import-{}", state.imports.len() - 1)
        });
        self.faults.answer(fate, operation, &self.name, answer)
    }

    async fn import_state(&self, import: &str) -> Result<ImportState, PortError> {
        let operation = "dynamodb:DescribeImport";
        let fate = self.faults.call(operation, import)?;
        let place = import
            .strip_prefix("import-")
            .and_then(|number| number.parse::<usize>().ok());
        let imported = place.and_then(|place| self.lock().imports.get(place).copied());
        let answer = imported
            .map(|imported| ImportState::Completed {
                imported,
                failed: 0,
            })
            .ok_or_else(|| self.refuse(operation, PortErrorKind::NotFound, "no such import"));
        self.faults.answer(fate, operation, import, answer)
    }

    async fn export(&self, _request: &Export) -> Result<String, PortError> {
        let operation = "dynamodb:ExportTableToPointInTime";
        Err(self.refuse(
            operation,
            PortErrorKind::Invalid,
            "a table in memory has no point-in-time recovery",
        ))
    }

    async fn export_state(&self, export: &str) -> Result<ExportState, PortError> {
        let operation = "dynamodb:DescribeExport";
        let kind = PortErrorKind::NotFound;
        Err(PortError::new(kind, operation, export, "no such export"))
    }
}
