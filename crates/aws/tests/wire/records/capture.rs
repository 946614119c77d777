//! A live table is captured while writers change it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use tidemark_records::{
    compact::{CompactOptions, compact},
    index::LayoutKind,
    ports::TableWrite,
    proof::{DifferenceKind, ProofOptions, prove},
};

use super::place::{Place, order, order_key};

/// Puts, overwrites and deletes by one of several writers.
fn changes(writer: u64, round: u64) -> anyhow::Result<Vec<TableWrite>> {
    let mut list = Vec::new();
    for step in 0..40 {
        let number = writer * 1_000 + (round * 17 + step * 3) % 90;
        let already = list.iter().any(|write| {
            matches!(write, TableWrite::Delete(key) if key[..] == *order_key(number).as_bytes())
        });
        if step % 5 == 4 && !already {
            list.push(TableWrite::Delete(order_key(number).into()));
        } else if !already {
            let item = order(number, &format!("round {round} step {step}"))?;
            list.push(TableWrite::Put(item.bytes().clone()));
        }
    }
    // No key twice in one batch: one call per write, as applications do.
    Ok(list)
}

async fn write_one_by_one(place: &Place, writer: u64, round: u64) -> anyhow::Result<()> {
    for write in changes(writer, round)? {
        place.write(vec![write]).await?;
    }
    Ok(())
}

async fn any_second_of_a_live_table_comes_back(layout: LayoutKind) -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    // What was there before the capture.
    let before: Vec<_> = (0..300)
        .map(|number| order(number * 11, "before"))
        .collect::<Result<_, _>>()?;
    place.put(&before).await?;
    place.advance(30)?;
    place.prepare(layout).await?;
    place.advance(2)?;

    // Four writers change the table while it is captured and filled.
    let done = AtomicU64::new(0);
    let writers = async {
        futures::future::try_join_all((0..4).map(|writer| {
            let (place, done) = (&place, &done);
            async move {
                for round in 0..3 {
                    write_one_by_one(place, writer, round).await?;
                }
                done.fetch_add(1, Ordering::SeqCst);
                Ok::<_, anyhow::Error>(())
            }
        }))
        .await
    };
    let capture = async {
        let mut streamer = place.streamer("first").await?;
        while done.load(Ordering::SeqCst) < 4 {
            streamer.tick().await?;
        }
        // Dropped without storing what it read last: another one goes on.
        Ok::<_, anyhow::Error>(())
    };
    let fill = async { Ok::<_, anyhow::Error>(place.backfill("first").await?) };
    let (_, (), filled) = futures::try_join!(writers, capture, fill)?;
    assert!(filled.items >= 300, "{filled:?}");
    assert!(filled.troubles.is_empty(), "{filled:?}");

    // Each later second comes back as it was.
    let mut moments: Vec<(Timestamp, _)> = Vec::new();
    for round in 3..6 {
        place.advance(90)?;
        futures::future::try_join_all((0..4).map(|w| write_one_by_one(&place, w, round))).await?;
        place.advance(1)?;
        moments.push((place.clock().now(), place.live(&place.table).await?));
    }
    place.advance(90)?;
    place.drain("second").await?;
    for (at, wanted) in &moments {
        assert_eq!(&place.restored(*at).await?, wanted, "as of {at}");
    }

    let options = ProofOptions {
        pause: Duration::from_millis(100),
        looks: 3,
        ..ProofOptions::default()
    };
    let (table, clock) = (place.source(&place.table), place.clock());
    let proof = prove(&place.index(), &table, &clock, &options).await?;
    assert!(proof.complete, "{proof:?}");
    if layout == LayoutKind::Segments {
        let options = CompactOptions {
            segments: 2,
            ..CompactOptions::default()
        };
        let compacted = compact(&place.index(), &options, clock.now()).await?;
        assert!(compacted.segments >= 2, "{compacted:?}");
        for (at, wanted) in &moments {
            assert_eq!(&place.restored(*at).await?, wanted, "merged, as of {at}");
        }
    }

    // A change that nobody captured is found, by key.
    place.put(&[order(77, "behind its back")?]).await?;
    let options = ProofOptions {
        looks: 1,
        ..options
    };
    let proof = prove(&place.index(), &table, &clock, &options).await?;
    assert!(!proof.complete);
    assert_eq!(proof.differences.len(), 1, "{proof:?}");
    assert_eq!(proof.differences[0].key, order_key(77));
    assert_ne!(proof.differences[0].kind, DifferenceKind::MissingInTable);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn any_second_of_a_live_table_comes_back_from_segments() -> anyhow::Result<()> {
    any_second_of_a_live_table_comes_back(LayoutKind::Segments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn any_second_of_a_live_table_comes_back_from_objects() -> anyhow::Result<()> {
    any_second_of_a_live_table_comes_back(LayoutKind::Objects).await
}

#[tokio::test]
async fn a_table_of_ministack_is_captured() -> anyhow::Result<()> {
    let Some(place) = Place::ministack().await? else {
        return Ok(());
    };
    for layout in [LayoutKind::Segments] {
        place.prepare(layout).await?;
        let items: Vec<_> = (0..40)
            .map(|number| order(number, "new"))
            .collect::<Result<_, _>>()?;
        place.put(&items).await?;
        let delete = TableWrite::Delete(order_key(3).into());
        place.write(vec![delete]).await?;
        place.backfill("first").await?;
        place.drain("first").await?;
        let live = place.live(&place.table).await?;
        assert_eq!(live.len(), 39);
        assert_eq!(place.restored(Timestamp::MAX).await?, live);
    }
    Ok(())
}
