//! A backup as of a moment beside the live table, key by key, whatever their sizes and orders.

mod joined;

use std::sync::Arc;

use futures::StreamExt;
use jiff::Timestamp;

use crate::{
    error::{RecordsError, Trouble},
    key::{KeySchema, RecordKey},
    ports::{Clock, SourceTable},
    scan::{ScanOptions, scan_all},
    spool::Spool,
    states::{Backup, KeyRange},
    wire::Item,
};
use joined::{Joined, Pair};

/// Both sides, sorted by key.
pub(crate) struct Comparison {
    joined: Joined,
    troubles: Vec<Trouble>,
}

impl Comparison {
    /// Reads both sides. `id` names where the bucket keeps what does not fit into memory.
    pub(crate) async fn open(
        backup: &Backup,
        table: &Arc<dyn SourceTable>,
        clock: &Arc<dyn Clock>,
        id: &str,
        as_of: Timestamp,
        range: KeyRange,
        scan: &ScanOptions,
    ) -> Result<Self, RecordsError> {
        let index = backup.handle();
        let mut troubles = Vec::new();
        let mut then = Spool::new(index.store().clone(), index.paths(), &format!("{id}/then"));
        let mut states = backup.states(&[as_of], range.clone()).await?;
        while let Some(page) = states.next_page().await? {
            troubles.extend(page.troubles);
            for record in page.records {
                if let Some(item) = record.item(0).cloned() {
                    then.add(record.key, item).await?;
                }
            }
        }
        let mut now = Spool::new(index.store().clone(), index.paths(), &format!("{id}/now"));
        let mut pages = scan_all(table, clock, scan);
        while let Some(page) = pages.next().await {
            for text in page?.items {
                match read(backup.schema(), text) {
                    Ok((key, item)) if range.contains(key.as_str()) => now.add(key, item).await?,
                    Ok(_) => {}
                    Err(trouble) => troubles.push(trouble),
                }
            }
        }
        Ok(Self {
            joined: Joined::new(then.sorted().await?, now.sorted().await?).await?,
            troubles,
        })
    }

    /// What could not be read.
    pub(crate) fn take_troubles(&mut self) -> Vec<Trouble> {
        std::mem::take(&mut self.troubles)
    }

    /// The next key: what the backup has of it, and what the table has. None at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Pair>, RecordsError> {
        self.joined.next().await
    }

    /// Deletes what went to the bucket.
    pub(crate) async fn discard(self) -> Result<(), RecordsError> {
        self.joined.discard().await
    }
}

fn read(schema: &KeySchema, text: bytes::Bytes) -> Result<(RecordKey, Item), Trouble> {
    let start = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
    let item = Item::parse(text).map_err(|error| Trouble::wire(&start, &error))?;
    let key = RecordKey::of_item(schema, &item).map_err(|error| Trouble::key(&start, &error))?;
    Ok((key, item))
}
