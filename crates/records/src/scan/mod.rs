//! Reading a whole table by a parallel scan.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, stream, stream::BoxStream};

use crate::{
    error::RecordsError,
    key::RecordKey,
    ports::{Clock, PortError, ScanPage, ScanRequest, SourceTable},
    wire::Item,
};

/// How to scan.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Parallel parts.
    pub segments: u32,
    /// Read capacity used per second at most, in thousandths of a unit; none for no limit.
    pub capacity_milli_per_second: Option<u64>,
    /// Records of one page; none for as many as fit a megabyte.
    pub page: Option<u32>,
    /// Strongly consistent, at twice the capacity.
    pub consistent: bool,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            segments: 4,
            capacity_milli_per_second: None,
            page: None,
            consistent: true,
        }
    }
}

/// All pages of a table, in no order.
pub fn scan_all(
    table: &Arc<dyn SourceTable>,
    clock: &Arc<dyn Clock>,
    options: &ScanOptions,
) -> BoxStream<'static, Result<ScanPage, PortError>> {
    let parts = (0..options.segments.max(1)).map(|segment| {
        let (table, clock, options) = (table.clone(), clock.clone(), options.clone());
        stream::unfold(Some(None), move |start: Option<Option<Bytes>>| {
            let (table, clock, options) = (table.clone(), clock.clone(), options.clone());
            async move {
                let start = start?;
                if start.is_some() {
                    pace(clock.as_ref(), &options).await;
                }
                let request = ScanRequest {
                    segment,
                    total_segments: options.segments.max(1),
                    start,
                    limit: options.page,
                    consistent: options.consistent,
                };
                match table.scan(&request).await {
                    Ok(page) => {
                        let next = page.next.clone().map(Some);
                        Some((Ok(page), next))
                    }
                    Err(error) => Some((Err(error), None)),
                }
            }
        })
        .boxed()
    });
    stream::select_all(parts).boxed()
}

/// A page of a consistent scan uses up to 256 units: waits as long as they are worth.
async fn pace(clock: &dyn Clock, options: &ScanOptions) {
    const PAGE_MILLI: u64 = 256_000;
    if let Some(limit) = options.capacity_milli_per_second {
        let millis = PAGE_MILLI * 1_000 * u64::from(options.segments) / limit.max(1);
        clock.pause(Duration::from_millis(millis)).await;
    }
}

/// What the table holds of a key, by a consistent read.
pub async fn read_item(
    table: &dyn SourceTable,
    key: &RecordKey,
) -> Result<Option<Item>, RecordsError> {
    let text = table.get(key.bytes()).await?;
    text.map(Item::parse)
        .transpose()
        .map_err(|error| RecordsError::BadRecord {
            key: key.to_string(),
            what: error.to_string(),
        })
}
