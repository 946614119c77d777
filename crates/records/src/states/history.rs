use super::{KeyRange, SegmentMerge};
use crate::{
    error::{RecordsError, Trouble},
    event::{Version, in_order},
    key::RecordKey,
};

/// Every known version of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHistory {
    /// Its key.
    pub key: RecordKey,
    /// The versions, oldest first.
    pub versions: Vec<Version>,
    /// Parts of the backup that could not be read and may hold more of them.
    pub troubles: Vec<Trouble>,
}

impl RecordHistory {
    pub(super) async fn of_segments(
        key: &RecordKey,
        mut merge: SegmentMerge,
    ) -> Result<Self, RecordsError> {
        let mut versions = Vec::new();
        let mut troubles = Vec::new();
        while let Some(event) = merge.next_event().await? {
            if event.key == *key {
                versions.push(event.into());
            }
            troubles.extend(merge.take_troubles());
        }
        troubles.extend(merge.take_troubles());
        in_order(&mut versions);
        Ok(Self {
            key: key.clone(),
            versions,
            troubles,
        })
    }

    /// The range that holds just this record.
    pub(super) fn range(key: &RecordKey) -> KeyRange {
        KeyRange::one(key)
    }
}
