//! The same by the engine, with its options as they are by default.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tidemark_aws::WallClock;
use tidemark_records::{
    capture::{Applier, Backfill, BackfillOptions, prepare},
    index::{BackupPaths, IndexHandle, LayoutKind},
    ports::{Clock, ObjectStore, SourceTable},
    restore::{LoadOptions, LoadRequest, RestoreFilter, load_table},
    retry::{Backoff, RetryingStore, RetryingTable},
    states::Backup,
};

use crate::{
    Step,
    place::{BUCKET, Place, TABLE},
};

pub(crate) async fn run(place: &Place, step: Step, round: usize) -> anyhow::Result<()> {
    match step {
        Step::Objects => backfill(place, "objects", round, LayoutKind::Objects).await,
        Step::Segments => backfill(place, "segments", round, LayoutKind::Segments).await,
        Step::Restore => restore(place, round).await,
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(WallClock::new(Arc::new(Timestamp::now)))
}

fn index(place: &Place, prefix: &str, round: usize) -> IndexHandle {
    let store: Arc<dyn ObjectStore> = Arc::new(RetryingStore::new(
        Arc::new(place.clients.store(BUCKET)),
        Backoff::new(clock()),
    ));
    IndexHandle::new(store, BackupPaths::new(format!("{prefix}-{round}"), TABLE))
}

fn table(place: &Place, name: &str) -> Arc<dyn SourceTable> {
    Arc::new(RetryingTable::new(
        Arc::new(place.clients.table(name)),
        Backoff::new(clock()),
    ))
}

async fn backfill(
    place: &Place,
    prefix: &str,
    round: usize,
    layout: LayoutKind,
) -> anyhow::Result<()> {
    let index = index(place, prefix, round);
    let source = table(place, TABLE);
    // Captured for long enough that the backfill need not wait.
    let since = Timestamp::now().checked_sub(SignedDuration::from_mins(10))?;
    prepare(&index, source.as_ref(), layout, since).await?;
    let applier = Applier::open(index).await?;
    let options = BackfillOptions::default();
    let done = Backfill::new(source, clock(), applier, options, "bench")
        .run()
        .await?;
    anyhow::ensure!(done.troubles.is_empty(), "{:?}", done.troubles);
    Ok(())
}

/// Restores what the backfill of the same round stored.
async fn restore(place: &Place, round: usize) -> anyhow::Result<()> {
    let backup = Backup::open(index(place, "segments", round)).await?;
    let name = format!("restored-{round}");
    let mut like = table(place, TABLE).describe().await?;
    like.name.clone_from(&name);
    let request = LoadRequest {
        id: name.clone(),
        like,
        as_of: Timestamp::now(),
        filter: RestoreFilter::default(),
    };
    let (options, backoff) = (LoadOptions::default(), Backoff::new(clock()));
    let target = table(place, &name);
    let state = load_table(&backup, &target, &request, &options, &backoff, |_| ()).await?;
    anyhow::ensure!(state.done && state.troubles.is_empty(), "{state:?}");
    Ok(())
}
