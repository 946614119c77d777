use std::sync::Arc;

use jiff::Timestamp;

use super::{DiffCounts, DiffPage, RecordChange};
use crate::{
    capture::same_key,
    compare::Comparison,
    error::{RecordsError, Trouble},
    ports::{Clock, SourceTable},
    scan::ScanOptions,
    states::{Backup, KeyRange},
};

/// Changes of one page.
const PAGE: usize = 1_000;

/// The difference between a backup as of a moment and the live table, page by page, sorted by key.
pub struct LiveDiff {
    compared: Option<Comparison>,
    counts: DiffCounts,
    troubles: Vec<Trouble>,
}

impl LiveDiff {
    /// What differs among the records of `range`: before is the backup, after is the table. `id`
    /// names where the bucket keeps what does not fit into memory.
    pub async fn open(
        backup: &Backup,
        table: &Arc<dyn SourceTable>,
        clock: &Arc<dyn Clock>,
        id: &str,
        as_of: Timestamp,
        range: KeyRange,
        scan: &ScanOptions,
    ) -> Result<Self, RecordsError> {
        same_key(backup.schema(), &table.describe().await?)?;
        let mut compared = Comparison::open(backup, table, clock, id, as_of, range, scan).await?;
        Ok(Self {
            troubles: compared.take_troubles(),
            compared: Some(compared),
            counts: DiffCounts::default(),
        })
    }

    /// The counts so far; of everything after the last page.
    pub fn counts(&self) -> DiffCounts {
        self.counts
    }

    /// The next records that differ; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<DiffPage>, RecordsError> {
        let Some(compared) = &mut self.compared else {
            return Ok(None);
        };
        let mut page = DiffPage {
            changes: Vec::new(),
            troubles: std::mem::take(&mut self.troubles),
            cursor: None,
        };
        while page.changes.len() < PAGE {
            let Some((key, before, after)) = compared.next().await? else {
                if let Some(compared) = self.compared.take() {
                    compared.discard().await?;
                }
                break;
            };
            if self.counts.count(before.as_ref(), after.as_ref()) {
                page.changes.push(RecordChange { key, before, after });
            }
        }
        Ok(Some(page))
    }
}
