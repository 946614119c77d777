use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use super::KeyRange;
use crate::{
    error::{RecordsError, Trouble},
    event::Event,
    index::{IndexDocument, RunEntry, SegmentEntry},
    key::KeySchema,
    ports::{GetObject, ObjectStore, PortErrorKind},
    segment::{SegmentReader, encode_segment},
};

/// Reads many sorted segments as one, in the order of keys and moments. In memory: one compressed
/// piece and one block of each source.
pub struct SegmentMerge {
    store: Arc<dyn ObjectStore>,
    range: KeyRange,
    sources: Vec<Source>,
    heads: BinaryHeap<Reverse<Head>>,
    started: bool,
    troubles: Vec<Trouble>,
    until: i64,
    /// Pieces in which changes may stand in the place of another spelling of their key.
    spelled: Vec<SegmentEntry>,
}

/// Bytes of changes out of place that are sorted at once.
const STRAY_BYTES: usize = 8 << 20;

#[derive(Default)]
struct Source {
    pieces: VecDeque<SegmentEntry>,
    reader: Option<(String, SegmentReader)>,
}

struct Head {
    event: Event,
    source: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        self.event
            .key
            .cmp(&other.event.key)
            .then_with(|| self.event.moment.cmp(&other.event.moment))
            .then_with(|| self.source.cmp(&other.source))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

impl SegmentMerge {
    /// Merges everything that the index lists, as far as it can hold changes of `range` at or
    /// before `until` (milliseconds since 1970).
    pub async fn of_index(
        store: Arc<dyn ObjectStore>,
        index: &IndexDocument,
        range: KeyRange,
        until: i64,
    ) -> Result<Self, RecordsError> {
        let mut sources: Vec<Vec<SegmentEntry>> = Vec::new();
        let mut troubles = Vec::new();
        for run in &index.runs {
            if run.first > until {
                continue;
            }
            match run_pieces(&store, run).await {
                Ok(mut pieces) => {
                    for piece in &mut pieces {
                        piece.canonical |= run.canonical;
                    }
                    sources.push(pieces);
                }
                Err(RecordsError::BadObject { object, what }) => {
                    troubles.push(Trouble::new(object, what));
                }
                Err(error) => return Err(error),
            }
        }
        sources.extend(index.segments.iter().map(|segment| vec![segment.clone()]));
        let schema = &index.table.key_schema;
        let mut merge = Self::of_runs(store, schema, sources, range, until);
        merge.troubles = troubles;
        Ok(merge)
    }

    /// Merges runs, each a list of pieces in the order of their keys.
    ///
    /// Pieces of earlier releases have keys with numbers as they came, and are in the order of
    /// these: the changes that stand out of place are looked for first, in all of them, and sorted
    /// in memory, compressed.
    pub fn of_runs(
        store: Arc<dyn ObjectStore>,
        schema: &KeySchema,
        runs: Vec<Vec<SegmentEntry>>,
        range: KeyRange,
        until: i64,
    ) -> Self {
        let spelled = runs
            .iter()
            .flatten()
            .filter(|piece| schema.has_numbers() && !piece.canonical && piece.first <= until)
            .cloned()
            .collect();
        Self {
            until,
            spelled,
            ..Self::of_canonical(store, runs, range, until)
        }
    }

    /// Merges runs of this release.
    pub(crate) fn of_canonical(
        store: Arc<dyn ObjectStore>,
        runs: Vec<Vec<SegmentEntry>>,
        range: KeyRange,
        until: i64,
    ) -> Self {
        let sources = runs
            .into_iter()
            .map(|pieces| Source {
                pieces: pieces
                    .into_iter()
                    .filter(|piece| {
                        piece.first <= until && range.meets(&piece.min_key, &piece.max_key)
                    })
                    .collect(),
                reader: None,
            })
            .filter(|source| !source.pieces.is_empty())
            .collect();
        Self {
            store,
            range,
            sources,
            heads: BinaryHeap::new(),
            started: false,
            troubles: Vec::new(),
            until,
            spelled: Vec::new(),
        }
    }

    /// Adds a sorted segment that is in memory.
    pub(crate) fn hold(&mut self, body: bytes::Bytes) {
        self.sources.push(Source {
            pieces: VecDeque::new(),
            reader: Some(("a batch in memory".to_owned(), SegmentReader::new(body))),
        });
    }

    /// The next change; none at the end.
    pub async fn next_event(&mut self) -> Result<Option<Event>, RecordsError> {
        if !self.started {
            self.started = true;
            self.hold_strays().await?;
            for source in 0..self.sources.len() {
                self.refill(source).await?;
            }
        }
        let Some(Reverse(head)) = self.heads.pop() else {
            return Ok(None);
        };
        self.refill(head.source).await?;
        Ok(Some(head.event))
    }

    /// Whether any of these pieces has a key that was spelled otherwise.
    pub(crate) async fn has_strays(mut self) -> Result<bool, RecordsError> {
        let before = self.sources.len();
        self.hold_strays().await?;
        match self.troubles.into_iter().next() {
            Some(trouble) => Err(RecordsError::object(trouble.subject, trouble.what)),
            None => Ok(self.sources.len() > before),
        }
    }

    /// Sorts the changes that stand in the place of another spelling of their key.
    async fn hold_strays(&mut self) -> Result<(), RecordsError> {
        let mut strays = Vec::new();
        let mut bytes = 0;
        for piece in std::mem::take(&mut self.spelled) {
            let object = match self.store.get(&GetObject::new(&piece.name)).await {
                Ok(object) => object,
                Err(error) if error.kind == PortErrorKind::NotFound => {
                    // Where it is read for its other changes, too, that says so.
                    if !self.range.meets(&piece.min_key, &piece.max_key) {
                        self.troubles.push(gone(&piece));
                    }
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let mut reader = SegmentReader::new(object.body);
            // What is damaged is told when the piece is read in its order.
            while let Ok(Some(event)) = reader.next_event() {
                let is_meant = reader.was_respelled()
                    && event.moment.at <= self.until
                    && self.range.contains(event.key.as_str());
                if !is_meant {
                    continue;
                }
                bytes += event.key.bytes().len() + 100;
                bytes += event.change.item().map_or(0, |item| item.bytes().len());
                strays.push(event);
                if bytes >= STRAY_BYTES {
                    bytes = 0;
                    self.hold_sorted(std::mem::take(&mut strays))?;
                }
            }
        }
        self.hold_sorted(strays)
    }

    fn hold_sorted(&mut self, events: Vec<Event>) -> Result<(), RecordsError> {
        let encoded =
            encode_segment("", events).map_err(|error| RecordsError::Encode(error.to_string()))?;
        if let Some(encoded) = encoded {
            self.hold(encoded.body);
        }
        Ok(())
    }

    /// What could not be read since the last call.
    pub fn take_troubles(&mut self) -> Vec<Trouble> {
        std::mem::take(&mut self.troubles)
    }

    async fn refill(&mut self, place: usize) -> Result<(), RecordsError> {
        loop {
            let source = &mut self.sources[place];
            if let Some((name, reader)) = &mut source.reader {
                match reader.next_event() {
                    Ok(Some(event)) => {
                        // Held in its own place.
                        if reader.was_respelled() {
                            continue;
                        }
                        if !self.range.contains(event.key.as_str()) {
                            continue;
                        }
                        self.heads.push(Reverse(Head {
                            event,
                            source: place,
                        }));
                        return Ok(());
                    }
                    Ok(None) => source.reader = None,
                    Err(error) => {
                        self.troubles.push(Trouble::segment(name, &error));
                        source.reader = None;
                    }
                }
            }
            let Some(piece) = self.sources[place].pieces.pop_front() else {
                return Ok(());
            };
            match self.store.get(&GetObject::new(&piece.name)).await {
                Ok(object) => {
                    if !SegmentReader::matches(&object.body, &piece.sha256) {
                        self.troubles.push(Trouble::new(
                            &piece.name,
                            "its bytes are not those that were written (SHA-256 differs)",
                        ));
                    }
                    self.sources[place].reader =
                        Some((piece.name, SegmentReader::new(object.body)));
                }
                Err(error) if error.kind == PortErrorKind::NotFound => {
                    self.troubles.push(gone(&piece));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn gone(piece: &SegmentEntry) -> Trouble {
    Trouble::new(
        &piece.name,
        format!("the segment is gone, with {} changes", piece.events),
    )
}

/// The pieces of a run.
pub(crate) async fn run_pieces(
    store: &Arc<dyn ObjectStore>,
    run: &RunEntry,
) -> Result<Vec<SegmentEntry>, RecordsError> {
    let object = match store.get(&GetObject::new(&run.list)).await {
        Ok(object) => object,
        Err(error) if error.kind == PortErrorKind::NotFound => {
            return Err(RecordsError::object(&run.list, "the run's list is gone"));
        }
        Err(error) => return Err(error.into()),
    };
    if !SegmentReader::matches(&object.body, &run.sha256) {
        return Err(RecordsError::object(
            &run.list,
            "its bytes are not those that were written (SHA-256 differs)",
        ));
    }
    serde_json::from_slice(&object.body).map_err(|error| RecordsError::object(&run.list, error))
}
