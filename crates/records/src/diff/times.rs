use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::{RecordsError, Trouble},
    key::RecordKey,
    states::{Backup, KeyRange, States},
    wire::Item,
};

/// How many records differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffCounts {
    /// There only after.
    pub added: u64,
    /// There only before.
    pub removed: u64,
    /// There both times, differently.
    pub changed: u64,
    /// There both times, the same.
    pub unchanged: u64,
}

impl DiffCounts {
    /// Counts a record; answers whether it differs.
    pub fn count(&mut self, before: Option<&Item>, after: Option<&Item>) -> bool {
        match (before, after) {
            (None, None) => return false,
            (None, Some(_)) => self.added += 1,
            (Some(_), None) => self.removed += 1,
            (Some(before), Some(after)) if before == after => {
                self.unchanged += 1;
                return false;
            }
            (Some(_), Some(_)) => self.changed += 1,
        }
        true
    }
}

/// A record that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// Its key.
    pub key: RecordKey,
    /// What it was.
    pub before: Option<Item>,
    /// What it became.
    pub after: Option<Item>,
}

/// Some records that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffPage {
    /// The records; sorted by key in the segments layout.
    pub changes: Vec<RecordChange>,
    /// Parts of the backup that could not be read.
    pub troubles: Vec<Trouble>,
    /// Where this page ends: for [`TimesDiff::resume`].
    pub cursor: Option<String>,
}

/// The difference between two times of one backup, page by page.
pub struct TimesDiff {
    states: States,
    counts: DiffCounts,
}

impl TimesDiff {
    /// What changed from `before` to `after` among the records of `range`.
    pub async fn open(
        backup: &Backup,
        before: Timestamp,
        after: Timestamp,
        range: KeyRange,
    ) -> Result<Self, RecordsError> {
        Ok(Self {
            states: backup.states(&[before, after], range).await?,
            counts: DiffCounts::default(),
        })
    }

    /// Goes on after the page that ended there. The counts are then of what follows.
    pub fn resume(&mut self, cursor: &str) {
        self.states.resume(cursor);
    }

    /// The counts so far; of everything after the last page.
    pub fn counts(&self) -> DiffCounts {
        self.counts
    }

    /// The next records that differ, maybe none; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<DiffPage>, RecordsError> {
        let Some(page) = self.states.next_page().await? else {
            return Ok(None);
        };
        let mut changes = Vec::new();
        for record in page.records {
            let (before, after) = (record.item(0), record.item(1));
            if self.counts.count(before, after) {
                changes.push(RecordChange {
                    before: before.cloned(),
                    after: after.cloned(),
                    key: record.key,
                });
            }
        }
        Ok(Some(DiffPage {
            changes,
            troubles: page.troubles,
            cursor: page.cursor,
        }))
    }
}

/// How many records differ between two times, without keeping them.
pub async fn count_differences(
    backup: &Backup,
    before: Timestamp,
    after: Timestamp,
    range: KeyRange,
) -> Result<(DiffCounts, Vec<Trouble>), RecordsError> {
    let mut diff = TimesDiff::open(backup, before, after, range).await?;
    let mut troubles = Vec::new();
    while let Some(page) = diff.next_page().await? {
        troubles.extend(page.troubles);
    }
    Ok((diff.counts(), troubles))
}
