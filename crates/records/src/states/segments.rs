use std::sync::Arc;

use jiff::Timestamp;

use super::{KeyRange, RecordStates, SegmentMerge, StatesPage};
use crate::{
    error::RecordsError,
    event::{Event, Version},
    index::IndexDocument,
    ports::ObjectStore,
};

/// Records of one page.
const PAGE: usize = 1_000;

/// States of records in the segments layout, sorted by key.
pub struct SegmentStates {
    merge: SegmentMerge,
    times: Vec<Timestamp>,
    pending: Option<Event>,
    done: bool,
    after: Option<String>,
}

impl SegmentStates {
    /// The states at `times` of the records in `range`.
    pub async fn open(
        store: Arc<dyn ObjectStore>,
        index: &IndexDocument,
        times: Vec<Timestamp>,
        range: KeyRange,
    ) -> Result<Self, RecordsError> {
        let until = times
            .iter()
            .map(|time| time.as_millisecond())
            .max()
            .unwrap_or(i64::MIN);
        Ok(Self {
            merge: SegmentMerge::of_index(store, index, range, until).await?,
            times,
            pending: None,
            done: false,
            after: None,
        })
    }

    /// Goes on after the page that ended there.
    pub fn resume(&mut self, cursor: &str) {
        self.after = Some(cursor.to_owned());
    }

    /// The next records; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<StatesPage>, RecordsError> {
        if self.done {
            return Ok(None);
        }
        let mut page = StatesPage::default();
        while page.records.len() < PAGE {
            let Some(record) = self.next_record().await? else {
                self.done = true;
                break;
            };
            page.records.push(record);
        }
        page.cursor = page.records.last().map(|record| record.key.to_string());
        let after = self.after.as_deref();
        page.records.retain(|record| {
            record.states.iter().any(Option::is_some)
                && after.is_none_or(|after| record.key.as_str() > after)
        });
        page.troubles = self.merge.take_troubles();
        Ok(Some(page))
    }

    async fn next_record(&mut self) -> Result<Option<RecordStates>, RecordsError> {
        let first = match self.pending.take() {
            Some(event) => event,
            None => match self.merge.next_event().await? {
                Some(event) => event,
                None => return Ok(None),
            },
        };
        let mut record = RecordStates {
            key: first.key.clone(),
            states: vec![None; self.times.len()],
        };
        let mut event = first;
        loop {
            self.take(&mut record, event);
            match self.merge.next_event().await? {
                Some(next) if next.key == record.key => event = next,
                next => {
                    self.pending = next;
                    return Ok(Some(record));
                }
            }
        }
    }

    /// Events of a record come in the order of their moments: a later one replaces.
    fn take(&self, record: &mut RecordStates, event: Event) {
        let version = Version::from(event);
        for (state, time) in record.states.iter_mut().zip(&self.times) {
            if version.moment.is_by(*time) {
                *state = Some(version.clone());
            }
        }
    }
}
