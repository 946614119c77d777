use std::{sync::Arc, time::Duration};

use tidemark_records::{
    capture::{Applier, Streamer, StreamerOptions, Tick, prepare},
    index::{BackupPaths, IndexHandle, LayoutKind},
    key::{KeyAttribute, KeySchema, KeyType},
    ports::{Clock, ObjectStore, StreamView},
    testing::{Faults, MemoryCheckpoints, MemoryStore, MemoryStream, MemoryTable, StillClock},
    wire::Item,
};

use crate::{Failure, made_up_table::item_text, report::Report};

const SECONDS: u64 = 60;
const PER_SECOND: u64 = 1_000;

/// PUT requests per change while a table changes 1,000 times a second.
pub(crate) async fn measure(report: &Report) -> Result<(), Failure> {
    let objects = puts(LayoutKind::Objects).await?;
    let segments = puts(LayoutKind::Segments).await?;
    let ratio = objects / segments.max(f64::MIN_POSITIVE);
    report.row(
        "Objects layout: PUTs per change at 1,000 changes/s",
        "",
        &format!("{objects:.4}"),
        None,
    );
    report.row(
        "Segments layout: PUTs per change at 1,000 changes/s, index included",
        "",
        &format!("{segments:.6}"),
        None,
    );
    report.row(
        "Segments layout: PUTs against those of the objects layout",
        "≤ 1/200",
        &format!("1/{ratio:.0}"),
        Some(ratio >= 200.0),
    );
    Ok(())
}

async fn puts(layout: LayoutKind) -> Result<f64, Failure> {
    let clock = StillClock::default();
    let schema = KeySchema::simple(KeyAttribute::new("id", KeyType::S));
    let table = MemoryTable::new("bench", schema, clock.clone());
    table.enable_stream(StreamView::NewImage);
    let faults = Faults::none();
    let store: Arc<dyn ObjectStore> =
        Arc::new(MemoryStore::new(clock.clone()).with_faults(faults.clone()));
    let index = IndexHandle::new(store, BackupPaths::new("backups", "bench"));
    prepare(&index, &table, layout, clock.now()).await?;
    let mut streamer = Streamer::new(
        Arc::new(MemoryStream::new(table.clone())),
        Arc::new(MemoryCheckpoints::default()),
        Arc::new(clock.clone()),
        Applier::open(index).await?,
        StreamerOptions::new("bench"),
    );
    let before = faults.calls("s3:PutObject");
    for second in 0..SECONDS {
        for number in 0..PER_SECOND {
            let number = second * PER_SECOND + number;
            table.put(Item::parse(item_text(number))?);
        }
        streamer.tick().await?;
        clock.advance(Duration::from_secs(1));
    }
    streamer.flush(&mut Tick::default()).await?;
    let puts = faults.calls("s3:PutObject") - before;
    Ok(puts as f64 / (SECONDS * PER_SECOND) as f64)
}
