use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};

use super::{
    ObjectStates,
    resolve::{Group, Resolved},
};
use crate::{
    error::{RecordsError, Trouble},
    event::Version,
    index::BackupPaths,
    key::{KeySchema, RecordKey},
    ports::ObjectStore,
    states::KeyRange,
};

/// Records asked for at a time.
const CONCURRENCY: usize = 32;

/// All versions of all records in the objects layout, in the order of names.
pub struct ObjectHistories {
    listing: ObjectStates,
}

/// A record with its versions, oldest first.
pub type History = (RecordKey, Vec<Version>);

/// Some records with all their versions.
#[derive(Debug, Default)]
pub struct HistoriesPage {
    /// Each record's versions, oldest first.
    pub records: Vec<History>,
    /// Objects that could not be read.
    pub troubles: Vec<Trouble>,
}

impl ObjectHistories {
    /// The records below a prefix.
    pub async fn open(
        store: Arc<dyn ObjectStore>,
        paths: BackupPaths,
        schema: KeySchema,
    ) -> Result<Self, RecordsError> {
        let listing = ObjectStates::open(store, paths, schema, Vec::new(), KeyRange::all()).await?;
        Ok(Self { listing })
    }

    /// Versions of objects that are no records, so far.
    pub fn foreign(&self) -> u64 {
        self.listing.foreign()
    }

    /// The names of the first thousand of them.
    pub fn foreign_names(&self) -> &[String] {
        self.listing.foreign_names()
    }

    /// The next records; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<HistoriesPage>, RecordsError> {
        let Some(groups) = self.listing.next_groups().await? else {
            return Ok(None);
        };
        let resolver = self.listing.resolver();
        let read = |group: Group| async move {
            let record = match resolver.states(group, &[]).await? {
                Resolved::Record(record) => record,
                Resolved::Nothing => return Ok(None),
                Resolved::Trouble(trouble) => return Ok(Some(Err(trouble))),
            };
            match resolver.history(&record.key).await {
                Ok(versions) => Ok(Some(Ok((record.key, versions)))),
                Err(RecordsError::BadObject { object, what }) => {
                    Ok(Some(Err(Trouble::new(object, what))))
                }
                Err(error) => Err(error),
            }
        };
        let read: Vec<Option<Result<History, Trouble>>> = stream::iter(groups)
            .map(read)
            .buffered(CONCURRENCY)
            .try_collect()
            .await?;
        let mut page = HistoriesPage::default();
        for record in read.into_iter().flatten() {
            match record {
                Ok(record) => page.records.push(record),
                Err(trouble) => page.troubles.push(trouble),
            }
        }
        Ok(Some(page))
    }
}
