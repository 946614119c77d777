//! The proof of completeness.

use std::time::Duration;

use tidemark_records::{
    index::LayoutKind,
    ports::Clock,
    proof::{DifferenceKind, Proof, ProofOptions, prove},
    testing::Faults,
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
    let table: std::sync::Arc<dyn tidemark_records::ports::SourceTable> =
        world.retrying_table(&faults);
    let options = ProofOptions {
        looks: 4,
        ..ProofOptions::default()
    };
    let index = world.index(&Faults::none());
    let proof = prove(&index, &table, &world.time(), &options)
        .await
        .unwrap();
    assert!(proof.complete, "{:?}", proof.differences);
    assert!(proof.settled > 0);
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
