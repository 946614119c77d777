use super::convert::store_events;
use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
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
///
/// Where a part of the backup cannot be read or understood, it may hold what the scan found: then nothing is taken for
/// deleted, and that is told in `troubles`.
pub(super) async fn settle(to: &Applier, troubles: &mut Vec<Trouble>) -> Result<u64, RecordsError> {
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
        let (mut events, mut is_whole) = (Vec::new(), document.quarantine.is_empty());
        while let Some(page) = states.next_page().await? {
            is_whole &= page.troubles.is_empty();
            for record in page.records {
                let Some(Some(version)) = record.states.first() else {
                    continue;
                };
                let is_gone = version.change.item().is_some()
                    && version.moment.origin == Origin::Import
                    && version.moment.at < began.as_millisecond();
                if is_gone {
                    events.push(Event {
                        key: record.key,
                        moment: Moment::import(began, 0),
                        change: Change::Delete,
                    });
                }
            }
        }
        if events.is_empty() {
            continue;
        }
        if !is_whole {
            troubles.push(Trouble::new(
                to.index().paths().index(),
                format!(
                    "{} imported records were found by no scan since, but parts of the backup cannot be read: they count as \
                     there until a proof says otherwise",
                    events.len()
                ),
            ));
            continue;
        }
        deleted += u64::try_from(events.len()).unwrap_or(u64::MAX);
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(SEGMENT_EVENTS));
            store_events(to, std::mem::replace(&mut events, rest)).await?;
        }
    }
    Ok(deleted)
}
