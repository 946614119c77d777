use super::convert::store_events;
use crate::{
    capture::Applier,
    error::RecordsError,
    event::{Change, Event, Moment, Origin},
    states::{Backup, KeyRange},
};

/// Deletions of one segment.
const SEGMENT_EVENTS: usize = 50_000;

/// Lets what was captured count against what was imported from before it.
///
/// A scan of the whole table, with the stream captured since it began, finds every record that is there. One that an import
/// tells of from before, and neither the scan nor the stream, was deleted in between, by nobody who told it. So that it does
/// not come back with the import, its deletion is stored as of when the scan began. Answers how many there are.
pub(super) async fn settle(to: &Applier) -> Result<u64, RecordsError> {
    let document = to.index().load().await?;
    let mut scans: Vec<_> = document
        .backfills
        .iter()
        .filter_map(|scan| Some((scan.base, scan.completed_at?)))
        .collect();
    scans.sort_unstable();
    let mut deleted = 0;
    for (began, done) in scans {
        let backup = Backup::open(to.index().clone()).await?;
        let mut states = backup.states(&[done], KeyRange::all()).await?;
        let mut events = Vec::new();
        while let Some(page) = states.next_page().await? {
            for record in page.records {
                let Some(Some(version)) = record.states.first() else {
                    continue;
                };
                let is_gone = version.change.item().is_some()
                    && version.moment.origin == Origin::Import
                    && version.moment.at < began.as_millisecond();
                if is_gone {
                    deleted += 1;
                    events.push(Event {
                        key: record.key,
                        moment: Moment::import(began, 0),
                        change: Change::Delete,
                    });
                }
            }
            if events.len() >= SEGMENT_EVENTS {
                store_events(to, std::mem::take(&mut events)).await?;
            }
        }
        store_events(to, events).await?;
    }
    Ok(deleted)
}
