//! Bringing a table back over the wire.

use std::sync::atomic::{AtomicU64, Ordering};

use tidemark_records::{
    index::LayoutKind,
    ports::TableWrite,
    restore::{
        ApplyOptions, LoadOptions, LoadRequest, RestoreFilter, RestorePlanRequest, Way,
        apply_restore, choose_way, import_snapshot, load_table, plan_restore,
    },
    scan::ScanOptions,
    snapshot::{SnapshotOptions, write_snapshot},
    states::Backup,
};

use super::place::{Place, order, order_key};

/// A captured table, and the moment after which it is spoiled.
async fn captured() -> anyhow::Result<(Place, jiff::Timestamp)> {
    let place = Place::sandbox().await?;
    let items: Vec<_> = (0..200)
        .map(|number| order(number, "right"))
        .collect::<Result<_, _>>()?;
    place.put(&items).await?;
    place.advance(10)?;
    place.prepare(LayoutKind::Segments).await?;
    place.advance(2)?;
    place.backfill("first").await?;
    place.drain("first").await?;
    place.advance(60)?;
    let at = place.clock().now();
    place.advance(60)?;
    Ok((place, at))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_table_is_imported_from_a_snapshot() -> anyhow::Result<()> {
    let (place, at) = captured().await?;
    let wanted = place.live(&place.table).await?;
    let index = place.index();
    let snapshot = write_snapshot(&index, at, &SnapshotOptions::default(), at).await?;
    assert_eq!(snapshot.items, 200);
    let document = index.load().await?;
    let way = choose_way(&document.snapshots, at, &RestoreFilter::default());
    assert_eq!(way, Way::Import(snapshot.clone()));
    let table = place.source("restored");
    let imported = import_snapshot(
        &index,
        table.as_ref(),
        &document.table,
        &snapshot,
        "a-token",
        &place.backoff(),
    )
    .await?;
    assert_eq!(imported, 200);
    assert_eq!(place.live("restored").await?, wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_table_is_written_and_goes_on_after_it_was_stopped() -> anyhow::Result<()> {
    let (place, at) = captured().await?;
    let wanted = place.live(&place.table).await?;
    let backup = Backup::open(place.index()).await?;
    let like = place.index().load().await?.table;
    let request = LoadRequest {
        id: "load".to_owned(),
        like,
        as_of: at,
        filter: RestoreFilter::default(),
    };
    let table = place.source("restored");
    // Nothing can be written for a while, and the restore gives up.
    place.world()?.faults().add(tidemark_sandbox::FaultRule {
        id: 0,
        service: Some("dynamodb".to_owned()),
        account: None,
        region: None,
        action: Some("BatchWriteItem".to_owned()),
        kind: tidemark_sandbox::FaultKind::Deny,
        probability: None,
        count: None,
    });
    let options = LoadOptions::default();
    let pages = AtomicU64::new(0);
    let failed = load_table(
        &backup,
        &table,
        &request,
        &options,
        &place.backoff(),
        |_| {
            pages.fetch_add(1, Ordering::SeqCst);
        },
    )
    .await;
    assert!(failed.is_err());
    place.world()?.faults().remove(None);
    let state = load_table(
        &backup,
        &table,
        &request,
        &options,
        &place.backoff(),
        |_| {},
    )
    .await?;
    assert!(state.done);
    assert_eq!(place.live("restored").await?, wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoiled_table_is_put_right_but_for_what_changed_meanwhile() -> anyhow::Result<()> {
    let (place, at) = captured().await?;
    let spoiled: Vec<_> = (0..50)
        .map(|number| order(number, "spoiled"))
        .collect::<Result<_, _>>()?;
    place.put(&spoiled).await?;
    place.put(&[order(5_000, "new")?]).await?;
    let gone = TableWrite::Delete(order_key(199).into());
    place.write(vec![gone]).await?;
    let (index, table, clock) = (place.index(), place.source(&place.table), place.clock());
    let request = RestorePlanRequest {
        id: "plan".to_owned(),
        as_of: at,
        filter: RestoreFilter::default(),
        delete_others: false,
        scan: ScanOptions::default(),
    };
    let backup = Backup::open(index.clone()).await?;
    let plan = plan_restore(&backup, &table, &clock, &request).await?;
    assert_eq!(plan.counts.create, 1);
    assert_eq!(plan.counts.overwrite, 50);
    assert_eq!(plan.counts.kept, 1);
    assert_eq!(plan.counts.unchanged, 149);
    // Someone repairs one by hand, another way.
    place.put(&[order(7, "repaired by hand")?]).await?;
    let state = apply_restore(&index, &table, &plan, &ApplyOptions::default(), |_| {}).await?;
    assert_eq!((state.created, state.overwritten), (1, 49));
    assert_eq!(state.changed.len(), 1);
    assert_eq!(state.changed[0].key, order_key(7));
    let live = place.live(&place.table).await?;
    assert_eq!(live[&order_key(7)], order(7, "repaired by hand")?);
    assert_eq!(live[&order_key(8)], order(8, "right")?);
    assert_eq!(live[&order_key(5_000)], order(5_000, "new")?);
    assert_eq!(live.len(), 201);
    Ok(())
}
