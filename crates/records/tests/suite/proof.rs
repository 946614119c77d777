//! The proof of completeness.

use std::{sync::Arc, time::Duration};

use tidemark_records::{
    index::LayoutKind,
    ports::{Clock, SourceTable},
    proof::{DifferenceKind, Proof, ProofOptions, prove},
    states::KeyRange,
    testing::{Faults, Random, StillClock},
};

use crate::world::{World, captured, item, record, record_key, simple};

async fn proof(world: &World) -> Proof {
    let options = ProofOptions {
        looks: 3,
        keys_at_once: 40,
        pause: Duration::from_secs(1),
        ..ProofOptions::default()
    };
    prove(
        &world.index(&Faults::none()),
        &world.source(),
        &world.time(),
        &options,
    )
    .await
    .unwrap()
}

/// A proof that reads the table through faults, by a clock.
async fn proof_by(world: &World, faults: &Faults, clock: &Arc<dyn Clock>) -> Proof {
    let table: Arc<dyn SourceTable> = world.retrying_table(faults);
    let options = ProofOptions {
        looks: 4,
        ..ProofOptions::default()
    };
    prove(&world.index(&Faults::none()), &table, clock, &options)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_complete_backup_is_proved_in_both_layouts() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = captured(simple(), layout, 300).await;
        for number in 0..40 {
            world.table.put(record(number, "changed"));
        }
        world.table.delete(&record_key(7));
        world.drain().await.unwrap();
        let proof = proof(&world).await;
        assert!(proof.complete, "{proof:?}");
        assert_eq!((proof.table_items, proof.backup_items), (299, 299));
        assert_eq!(proof.table_digest, proof.backup_digest);
        assert_eq!(proof.ranges_differing, 0);
        let document = world.index(&Faults::none()).load().await.unwrap();
        assert!(document.proofs.last().unwrap().complete);
    }
}

#[tokio::test]
async fn records_that_change_during_the_scan_are_settled() {
    let world = captured(simple(), LayoutKind::Segments, 200).await;
    let (inner, mut calls) = (world.clone(), 0);
    let faults = Faults::none().meanwhile(move |operation| {
        calls += 1;
        if operation == "dynamodb:Scan" && calls < 9 {
            inner.table.put(record(calls * 3, "meanwhile"));
            inner.table.delete(&record_key(calls * 7));
        }
        if operation == "dynamodb:GetItem" {
            futures::executor::block_on(inner.drain()).unwrap();
        }
    });
    let proof = proof_by(&world, &faults, &world.time()).await;
    assert!(proof.complete, "{:?}", proof.differences);
    assert!(proof.settled > 0);
}

/// A proof while one record changes just before every look, so that the backup never has its newest state in time.
async fn proof_of_a_busy_record(then: fn(&World)) -> Proof {
    let world = captured(simple(), LayoutKind::Segments, 100).await;
    let (inner, mut scanned, mut number) = (world.clone(), false, 0);
    let faults = Faults::none().meanwhile(move |operation| {
        let reads = operation == "dynamodb:GetItem";
        if reads {
            futures::executor::block_on(inner.drain()).unwrap();
        }
        if reads || (operation == "dynamodb:Scan" && !scanned) {
            scanned = true;
            number += 1;
            inner.table.put(record(42, &format!("busy {number}")));
            then(&inner);
        }
    });
    proof_by(&world, &faults, &world.time()).await
}

#[tokio::test]
async fn a_record_that_is_ahead_of_the_capture_at_every_look_is_settled() {
    let proof = proof_of_a_busy_record(|_| {}).await;
    assert!(proof.complete, "{:?}", proof.differences);
    assert_eq!(proof.settled, 1);
}

#[tokio::test]
async fn a_busy_record_whose_changes_are_lost_is_named() {
    let proof = proof_of_a_busy_record(|world| world.table.trim()).await;
    let [difference] = &proof.differences[..] else {
        panic!("{proof:?}");
    };
    assert_eq!(difference.key, record_key(42).to_string());
    assert_eq!(difference.kind, DifferenceKind::Differs);
}

#[tokio::test]
async fn a_lost_deletion_is_named_even_where_the_record_came_just_before_it() {
    let world = captured(simple(), LayoutKind::Segments, 100).await;
    let then = world.time().now();
    world.table.put(record(900, "of a moment"));
    world.drain().await.unwrap();
    world.table.delete(&record_key(900));
    world.table.trim();
    // The first look is at the second of both.
    let clock: Arc<dyn Clock> = Arc::new(StillClock::new(then));
    let proof = proof_by(&world, &Faults::none(), &clock).await;
    let [difference] = &proof.differences[..] else {
        panic!("{proof:?}");
    };
    assert_eq!(difference.key, record_key(900).to_string());
    assert_eq!(difference.kind, DifferenceKind::MissingInTable);
}

#[tokio::test]
async fn a_dropped_event_is_named_by_key() {
    let world = captured(simple(), LayoutKind::Segments, 100).await;
    world.table.put(record(42, "never captured"));
    world.table.put(record(500, "new and never captured"));
    world.table.delete(&record_key(43));
    world.table.trim();
    let proof = proof(&world).await;
    assert!(!proof.complete);
    let mut found: Vec<(String, DifferenceKind)> = proof
        .differences
        .iter()
        .map(|difference| (difference.key.clone(), difference.kind))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        found,
        [
            (record_key(42).to_string(), DifferenceKind::Differs),
            (record_key(43).to_string(), DifferenceKind::MissingInTable),
            (record_key(500).to_string(), DifferenceKind::MissingInBackup),
        ]
    );
}

#[tokio::test]
async fn an_object_removed_or_altered_behind_its_back_is_named() {
    let world = captured(simple(), LayoutKind::Objects, 50).await;
    let object = |wanted: u32| {
        let body = record(wanted, "old").bytes().clone();
        let names = world.store.names();
        names
            .into_iter()
            .find(|name| world.store.body(name) == Some(body.clone()))
            .unwrap()
    };
    let altered = object(11);
    world.store.vanish(&object(10));
    world
        .store
        .tamper(&altered, record(11, "forged").bytes().clone());
    let broken = object(12);
    world.store.tamper(&broken, "{\"id\":");
    let proof = proof(&world).await;
    assert!(!proof.complete);
    let mut keys: Vec<(String, DifferenceKind)> = proof
        .differences
        .iter()
        .map(|d| (d.key.clone(), d.kind))
        .collect();
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        keys,
        [
            (record_key(10).to_string(), DifferenceKind::MissingInBackup),
            (record_key(11).to_string(), DifferenceKind::Differs),
            (record_key(12).to_string(), DifferenceKind::MissingInBackup),
        ]
    );
    assert!(
        proof
            .troubles
            .iter()
            .any(|trouble| trouble.subject.starts_with(&broken)),
        "{:?}",
        proof.troubles
    );

    let world = captured(simple(), LayoutKind::Segments, 50).await;
    let segment = world
        .store
        .names()
        .into_iter()
        .find(|name| name.ends_with(".jsonl.zst"))
        .unwrap();
    world.store.vanish(&segment);
    let proof = self::proof(&world).await;
    assert!(!proof.complete);
    assert!(!proof.differences.is_empty());
    assert_eq!(proof.troubles[0].subject, segment);
}

#[tokio::test]
async fn numbers_that_the_older_tool_rounded_are_told_apart() {
    let world = World::new(simple(), LayoutKind::Segments);
    world
        .table
        .put(item(r#"{"id":{"S":"a"},"n":{"N":"12345678901234567000"}}"#));
    world.prepare().await.unwrap();
    world.backfill("first", &Faults::none()).await.unwrap();
    world
        .table
        .put(item(r#"{"id":{"S":"a"},"n":{"N":"12345678901234567891"}}"#));
    world.table.trim();
    let proof = proof(&world).await;
    assert_eq!(proof.differences.len(), 1);
    assert!(proof.differences[0].rounded);
    assert!(world.clock.now() >= proof.as_of);
}

#[tokio::test]
async fn set_up_while_four_writers_write_ends_in_a_complete_backup() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = World::new(simple(), layout);
        for number in 0..400 {
            world.table.put(record(number, "before"));
        }
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let table = world.table.clone();
                std::thread::spawn(move || {
                    let mut random = Random::new(writer);
                    for round in 0..600 {
                        let number = u32::try_from(random.below(500)).unwrap();
                        if random.percent(30) {
                            table.delete(&record_key(number));
                        } else {
                            table.put(record(number, &format!("{writer} {round}")));
                        }
                        if random.percent(1) {
                            table.reshard();
                        }
                        std::thread::yield_now();
                    }
                })
            })
            .collect();
        world.prepare().await.unwrap();
        let none = Faults::none();
        let mut streamer = world.streamer("s", &none).await.unwrap();
        streamer.tick().await.unwrap();
        let backfill = world.backfill("first", &none);
        let follow = async {
            for _ in 0..40 {
                streamer.tick().await.unwrap();
                world.clock.advance(Duration::from_millis(100));
            }
        };
        let (done, ()) = futures::join!(backfill, follow);
        done.unwrap();
        for writer in writers {
            writer.join().unwrap();
        }
        world.drain().await.unwrap();
        let proof = proof(&world).await;
        assert!(proof.complete, "{:?}", proof.differences);
        assert_eq!(world.restored(world.clock.now()).await, world.table.items());
    }
}

#[tokio::test]
async fn records_of_a_partition_are_found_by_the_beginning_of_their_key() {
    let world = captured(simple(), LayoutKind::Segments, 120).await;
    let backup = world.backup().await.unwrap();
    let now = world.clock.now();
    let range = KeyRange::partition_begins(&simple(), "record-0001");
    let page = backup
        .states(&[now], range)
        .await
        .unwrap()
        .all()
        .await
        .unwrap();
    let keys: Vec<String> = page.records.iter().map(|r| r.key.to_string()).collect();
    let wanted: Vec<String> = (10..20).map(|n| record_key(n).to_string()).collect();
    assert_eq!(keys, wanted);
    let range = KeyRange::partition(&simple(), r#"{"S":"record-00011"}"#);
    let page = backup
        .states(&[now], range)
        .await
        .unwrap()
        .all()
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
}
