use async_trait::async_trait;

use super::{Faults, MemoryTable};
use crate::ports::{
    ChangeStream, PortError, PortErrorKind, RecordsPage, Shard, ShardIterator, StreamPosition,
    StreamRecord,
};

/// The stream of a [`MemoryTable`]. Clones share it.
#[derive(Clone)]
pub struct MemoryStream {
    table: MemoryTable,
    faults: Faults,
    empty_pages: u32,
}

/// A shard with its records.
#[derive(Clone, Debug, Default)]
pub(super) struct MemoryShard {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) closed: bool,
    /// Records ever written to it.
    pub(super) records: Vec<StreamRecord>,
    /// How many of them are forgotten.
    pub(super) trimmed: usize,
    /// Keys whose hash is in this range belong to it.
    pub(super) from: u64,
    pub(super) to: u64,
}

impl MemoryStream {
    /// The stream of a table.
    pub fn new(table: MemoryTable) -> Self {
        Self {
            table,
            faults: Faults::none(),
            empty_pages: 0,
        }
    }

    /// The same stream as another process with its own faults sees it.
    #[must_use]
    pub fn with_faults(&self, faults: Faults) -> Self {
        Self {
            faults,
            ..self.clone()
        }
    }

    /// The same stream, which answers so many empty pages before each page, also where more follows:
    /// as `GetRecords` may.
    #[must_use]
    pub fn with_empty_pages(&self, empty_pages: u32) -> Self {
        Self {
            empty_pages,
            ..self.clone()
        }
    }

    fn shard(&self, operation: &str, id: &str) -> Result<MemoryShard, PortError> {
        self.table
            .shards()
            .into_iter()
            .find(|shard| shard.id == id)
            .ok_or_else(|| PortError::new(PortErrorKind::NotFound, operation, id, "no such shard"))
    }
}

#[async_trait]
impl ChangeStream for MemoryStream {
    fn arn(&self) -> &'static str {
        super::table::STREAM
    }

    async fn shards(&self) -> Result<Vec<Shard>, PortError> {
        let operation = "dynamodb:DescribeStream";
        let fate = self.faults.call(operation, self.arn())?;
        let shards = self
            .table
            .shards()
            .into_iter()
            .map(|shard| Shard {
                first: shard.records.first().map(|r| r.sequence_number.clone()),
                last: shard
                    .closed
                    .then(|| shard.records.last().map(|r| r.sequence_number.clone()))
                    .flatten(),
                id: shard.id,
                parent: shard.parent,
            })
            .collect();
        self.faults.answer(fate, operation, self.arn(), Ok(shards))
    }

    async fn iterator(
        &self,
        shard: &str,
        position: &StreamPosition,
    ) -> Result<ShardIterator, PortError> {
        let operation = "dynamodb:GetShardIterator";
        let fate = self.faults.call(operation, shard)?;
        let found = self.shard(operation, shard)?;
        let place = match position {
            StreamPosition::TrimHorizon => Ok(found.trimmed),
            StreamPosition::Latest => Ok(found.records.len()),
            StreamPosition::After(sequence) => {
                let place = found
                    .records
                    .iter()
                    .position(|record| record.sequence_number == *sequence)
                    .map_or(0, |place| place + 1);
                if place < found.trimmed {
                    Err(PortError::new(
                        PortErrorKind::Trimmed,
                        operation,
                        shard,
                        "the position is beyond the trim horizon",
                    ))
                } else {
                    Ok(place)
                }
            }
        };
        let answer = place.map(|place| ShardIterator {
            shard: shard.to_owned(),
            token: place.to_string(),
        });
        self.faults.answer(fate, operation, shard, answer)
    }

    async fn records(
        &self,
        iterator: &ShardIterator,
        limit: u32,
    ) -> Result<RecordsPage, PortError> {
        let operation = "dynamodb:GetRecords";
        let fate = self.faults.call(operation, &iterator.shard)?;
        let found = self.shard(operation, &iterator.shard)?;
        let (place, empty) = iterator
            .token
            .split_once(':')
            .unwrap_or((&iterator.token, "0"));
        let empty: u32 = empty.parse().unwrap_or(0);
        if empty < self.empty_pages {
            let page = RecordsPage {
                records: Vec::new(),
                next: Some(ShardIterator {
                    shard: iterator.shard.clone(),
                    token: format!("{place}:{}", empty + 1),
                }),
            };
            return self
                .faults
                .answer(fate, operation, &iterator.shard, Ok(page));
        }
        let place: usize = place.parse().unwrap_or(0);
        if place < found.trimmed {
            return Err(PortError::new(
                PortErrorKind::Trimmed,
                operation,
                &iterator.shard,
                "the records are beyond the trim horizon",
            ));
        }
        let end = found
            .records
            .len()
            .min(place + usize::try_from(limit).unwrap_or(usize::MAX));
        let records = found.records[place..end].to_vec();
        let finished = found.closed && end == found.records.len();
        let page = RecordsPage {
            records,
            next: (!finished).then(|| ShardIterator {
                shard: iterator.shard.clone(),
                token: end.to_string(),
            }),
        };
        self.faults
            .answer(fate, operation, &iterator.shard, Ok(page))
    }
}
