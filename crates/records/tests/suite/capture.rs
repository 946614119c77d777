//! The embedded streamer: gaps, replicas, and a layout that other tools read.

use std::{collections::BTreeSet, time::Duration};

use tidemark_records::{
    RecordsError,
    capture::{Applier, Marks, Tick, Watcher, prepare},
    compact::{CompactOptions, compact},
    index::LayoutKind,
    ports::{Clock, Condition, ObjectStore, PortErrorKind, PutObject, StreamView, Versioning},
    testing::{Faults, MemoryTable},
};

use crate::world::{World, captured, composite, record, record_key, simple};

#[tokio::test]
async fn two_replicas_share_the_shards_and_a_dead_ones_are_taken_over() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    for number in 0..40 {
        world.table.put(record(number, "new"));
    }
    let mut first = world.streamer("first", &Faults::none()).await.unwrap();
    let first_tick = first.tick().await.unwrap();
    assert_eq!(first_tick.shards, 2, "the first takes both shards");
    let mut second = world.streamer("second", &Faults::none()).await.unwrap();
    assert_eq!(second.tick().await.unwrap().shards, 0);
    drop(first);
    // Its leases run out.
    world.clock.advance(Duration::from_secs(10));
    let taken = second.tick().await.unwrap();
    assert_eq!(taken.shards, 2);
    for _ in 0..20 {
        world.clock.advance(Duration::from_secs(1));
        second.tick().await.unwrap();
    }
    let restored = world.restored(world.clock.now()).await;
    assert_eq!(restored, world.table.items());
}

#[tokio::test]
async fn trimmed_changes_are_a_gap_with_bounds_until_a_backfill_heals_it() {
    let world = captured(simple(), LayoutKind::Segments, 10).await;
    world.table.put(record(1, "seen"));
    world.drain().await.unwrap();
    let before = world.clock.now();
    world.clock.advance(Duration::from_hours(30));
    world.table.put(record(2, "lost"));
    world.table.put(record(3, "lost"));
    world.table.delete(&record_key(4));
    world.table.trim();
    world.clock.advance(Duration::from_secs(5));
    for number in 5..9 {
        world.table.put(record(number, "after"));
    }
    let after = world.clock.now();
    world.drain().await.unwrap();
    let document = world.index(&Faults::none()).load().await.unwrap();
    assert!(!document.gaps.is_empty());
    for gap in &document.gaps {
        assert!(gap.from <= before, "{gap:?}");
        assert!(gap.until >= before && gap.until >= gap.from, "{gap:?}");
    }
    assert!(document.gaps.iter().any(|gap| gap.until_sequence.is_some()));
    assert_eq!(document.complete_from(), None, "a gap ends completeness");
    assert_ne!(world.restored(after).await, world.table.items());

    world.clock.advance(Duration::from_mins(1));
    world.backfill("second", &Faults::none()).await.unwrap();
    let document = world.index(&Faults::none()).load().await.unwrap();
    assert!(document.complete_from().is_some());
    let restored = world.restored(world.clock.now()).await;
    assert_eq!(restored.len() + 1, 11);
    let lost = restored.get(&record_key(2)).unwrap();
    assert_eq!(*lost, record(2, "lost"));
}

#[tokio::test]
async fn a_shard_that_is_gone_unread_is_a_gap() {
    let world = captured(simple(), LayoutKind::Segments, 3).await;
    world.table.put(record(1, "never read"));
    world.table.reshard();
    world.table.forget_closed_shards();
    world.clock.advance(Duration::from_mins(1));
    world.drain().await.unwrap();
    let document = world.index(&Faults::none()).load().await.unwrap();
    assert_eq!(document.gaps.len(), 2, "{:?}", document.gaps);
    let capture = document.capture.unwrap();
    assert!(
        !capture.shards.contains_key("shard-0000"),
        "it is forgotten"
    );
}

#[tokio::test]
async fn what_cannot_be_captured_is_refused_and_named() {
    let none = Faults::none();
    let world = World::new(simple(), LayoutKind::Segments);
    let try_it = async |table: &MemoryTable, layout| {
        prepare(&world.index(&none), table, layout, world.clock.now()).await
    };
    let error = try_it(&world.table, LayoutKind::Segments)
        .await
        .unwrap_err();
    assert!(matches!(error, RecordsError::NoStream { .. }), "{error}");
    world.table.enable_stream(StreamView::KeysOnly);
    let error = try_it(&world.table, LayoutKind::Segments)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stream of orders holds KEYS_ONLY, not what records became: it must be NEW_IMAGE or NEW_AND_OLD_IMAGES"
    );
    world.table.enable_stream(StreamView::NewImage);
    world.store.set_versioning(Versioning::Suspended);
    let error = try_it(&world.table, LayoutKind::Segments)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("memory keeps no versions"),
        "{error}"
    );
    world.store.set_versioning(Versioning::Enabled);
    try_it(&world.table, LayoutKind::Segments).await.unwrap();
    let error = try_it(&world.table, LayoutKind::Objects).await.unwrap_err();
    assert!(
        error.to_string().contains("Segments layout already"),
        "{error}"
    );
    let other = MemoryTable::new("orders", composite(), world.clock.clone());
    other.enable_stream(StreamView::NewImage);
    let error = try_it(&other, LayoutKind::Segments).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key of the table orders is tenant (S) and number (N), the backup's is id (S)"
    );
}

#[tokio::test]
async fn the_objects_layout_is_what_the_older_tool_expects() {
    let world = captured(simple(), LayoutKind::Objects, 3).await;
    world.table.put(record(1, "new"));
    world.table.delete(&record_key(2));
    world.drain().await.unwrap();
    let names: Vec<String> = world
        .store
        .names()
        .into_iter()
        .filter(|name| !name.contains("_tidemark"))
        .collect();
    assert_eq!(names.len(), 2, "one object per record: {names:?}");
    for name in &names {
        let hash = name.strip_prefix("backups/orders/").unwrap();
        assert_eq!(hash.len(), 64);
    }
    let bodies: Vec<_> = names
        .iter()
        .map(|name| world.store.body(name).unwrap())
        .collect();
    for wanted in [record(0, "old"), record(1, "new")] {
        assert!(bodies.contains(wanted.bytes()));
    }
    let versions = world
        .store
        .list_versions("backups/orders/", None)
        .await
        .unwrap()
        .versions;
    assert!(
        versions
            .iter()
            .any(|version| version.latest && version.deleted)
    );
    let name = names
        .iter()
        .find(|name| world.store.body(name).unwrap() == *record(1, "new").bytes())
        .unwrap();
    let head = world.store.head(name, None).await.unwrap();
    assert_eq!(head.metadata["tidemark-origin"], "stream");
    assert!(head.metadata["tidemark-event"].starts_with("event-"));
    assert!(head.metadata.contains_key("tidemark-sequence"));
    assert!(head.metadata["tidemark-writer"].starts_with("tidemark/"));
    assert!(head.metadata["tidemark-time"].parse::<i64>().is_ok());
}

#[tokio::test]
async fn a_scan_never_brings_a_deleted_record_back_for_other_tools() {
    let world = World::new(simple(), LayoutKind::Objects);
    for number in 0..6 {
        world.table.put(record(number, "old"));
    }
    world.prepare().await.unwrap();
    world.clock.advance(Duration::from_secs(2));
    // While the scan writes, a record is deleted and the deletion is stored.
    let (inner, mut done) = (world.clone(), false);
    let faults = Faults::none().meanwhile(move |operation| {
        if operation == "s3:PutObject" && !done {
            done = true;
            for number in 0..6 {
                inner.table.delete(&record_key(number));
            }
            futures::executor::block_on(async {
                let mut streamer = inner.streamer("s", &Faults::none()).await.unwrap();
                for _ in 0..3 {
                    streamer.tick().await.unwrap();
                }
                streamer.flush(&mut Tick::default()).await.unwrap();
            });
        }
    });
    world.backfill("first", &faults).await.unwrap();
    let present: Vec<String> = world
        .store
        .names()
        .into_iter()
        .filter(|name| !name.contains("_tidemark"))
        .collect();
    assert!(present.is_empty(), "{present:?}");
    assert!(world.restored(world.clock.now()).await.is_empty());
    // A record that comes back is stored over all that.
    world.clock.advance(Duration::from_secs(9));
    world.table.put(record(1, "again"));
    world.drain().await.unwrap();
    assert_eq!(world.restored(world.clock.now()).await, world.table.items());
}

#[tokio::test]
async fn two_writers_of_the_index_lose_nothing() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    let (inner, mut rounds) = (world.clone(), 0);
    // Whenever one is about to write the index, the other one does so first.
    let faults = Faults::none().meanwhile(move |operation| {
        if operation == "s3:PutObject" && rounds < 5 {
            rounds += 1;
            let index = inner.index(&Faults::none());
            futures::executor::block_on(index.update(|document| {
                document.table.item_count = Some(rounds);
                Ok(tidemark_records::index::Updated::Write(()))
            }))
            .unwrap();
        }
    });
    let index = world.index(&faults);
    index
        .update(|document| {
            document.table.size_bytes = Some(7);
            Ok(tidemark_records::index::Updated::Write(()))
        })
        .await
        .unwrap();
    let document = index.load().await.unwrap();
    assert_eq!(document.table.item_count, Some(5));
    assert_eq!(document.table.size_bytes, Some(7));
    let put = PutObject::new("x", "y").when(Condition::Matches("\"other\"".to_owned()));
    assert!(world.store.put(&put).await.is_err());
    assert_eq!(world.source().name(), "orders");
}

#[tokio::test]
async fn a_capture_that_begins_too_late_is_a_gap() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    world.table.put(record(1, "lost"));
    world.clock.advance(Duration::from_hours(26));
    world.table.trim();
    world.table.put(record(2, "seen"));
    world.drain().await.unwrap();
    let document = world.index(&Faults::none()).load().await.unwrap();
    assert!(!document.gaps.is_empty());
    assert_eq!(document.gaps[0].after_sequence, None);
}

#[tokio::test]
async fn one_shard_that_cannot_be_read_does_not_hold_the_others_back() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    for number in 0..60 {
        world.table.put(record(number, "new"));
    }
    let faults = Faults::none().refuse("dynamodb:GetShardIterator", 1, PortErrorKind::Throttled);
    let mut streamer = world.streamer("s", &faults).await.unwrap();
    let mut refused = 0;
    for _ in 0..30 {
        refused += u32::from(streamer.tick().await.is_err());
        world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(refused, 1);
    assert_eq!(world.restored(world.clock.now()).await, world.table.items());
}

#[tokio::test]
async fn two_that_merge_at_once_leave_one_run_and_the_whole_backup() {
    let world = captured(simple(), LayoutKind::Segments, 60).await;
    let options = CompactOptions {
        segments: 2,
        keep: Duration::ZERO,
        ..CompactOptions::default()
    };
    let (rival, mut done, again) = (world.clone(), false, options.clone());
    let faults = Faults::none().meanwhile(move |operation| {
        if operation == "s3:PutObject" && !done {
            done = true;
            rival.table.put(record(7, "one more"));
            futures::executor::block_on(async {
                rival.drain().await.unwrap();
                let index = rival.index(&Faults::none());
                compact(&index, &again, rival.clock.now()).await.unwrap();
            });
        }
    });
    let done = compact(&world.index(&faults), &options, world.clock.now())
        .await
        .unwrap();
    assert_eq!(done.events, 0, "the rival was first");
    let index = world.index(&Faults::none());
    compact(&index, &options, world.clock.now()).await.unwrap();
    let document = index.load().await.unwrap();
    assert_eq!((document.runs.len(), document.segments.len()), (1, 0));
    assert_eq!(document.runs[0].events, 61);
    assert!(document.retired.is_empty());
    assert_eq!(world.restored(world.clock.now()).await, world.table.items());
    let pieces = world
        .store
        .names()
        .iter()
        .filter(|name| name.contains("/segments/"))
        .count();
    assert!(pieces <= 2, "what was replaced is deleted");
}

#[tokio::test]
async fn an_empty_page_in_the_middle_of_a_shard_claims_nothing_of_what_follows() {
    let world = captured(simple(), LayoutKind::Segments, 10).await;
    world.clock.advance(Duration::from_hours(1));
    let changed_at = world.clock.now();
    for number in 0..10 {
        world.table.put(record(number, "late"));
    }
    world.clock.advance(Duration::from_mins(1));
    let mut lazy = world.clone();
    lazy.stream = world.stream.with_empty_pages(8);
    let mut streamer = lazy.streamer("lazy", &Faults::none()).await.unwrap();
    let stored_until = async || {
        let document = world.index(&Faults::none()).load().await.unwrap();
        document.stored_until().unwrap()
    };
    let mut ticks = 0;
    while world.restored(world.clock.now()).await != world.table.items() {
        assert!(
            stored_until().await <= changed_at,
            "changes of that time are not stored yet"
        );
        streamer.tick().await.unwrap();
        world.clock.advance(Duration::from_secs(3));
        ticks += 1;
        assert!(ticks < 200, "everything is stored in the end");
    }
    assert!(ticks > 8, "empty pages came first");
    lazy.stream = world.stream.clone();
    world.clock.advance(Duration::from_secs(30));
    let mut streamer = lazy.streamer("quick", &Faults::none()).await.unwrap();
    for _ in 0..20 {
        streamer.tick().await.unwrap();
        world.clock.advance(Duration::from_secs(3));
    }
    let left = world.clock.now().duration_since(stored_until().await);
    assert!(
        left.as_secs() < 60,
        "a shard that stays quiet is stored up to almost now: {left}"
    );
}

/// A minute in which nothing happens, with one reader.
async fn stay_quiet(world: &World, name: &str) {
    world.clock.advance(Duration::from_secs(30));
    let mut streamer = world.streamer(name, &Faults::none()).await.unwrap();
    for _ in 0..20 {
        streamer.tick().await.unwrap();
        world.clock.advance(Duration::from_secs(3));
    }
    streamer.flush(&mut Tick::default()).await.unwrap();
    streamer.release().await.unwrap();
}

#[tokio::test]
async fn a_gap_ends_one_window_and_a_new_backfill_begins_another() {
    let world = captured(simple(), LayoutKind::Segments, 10).await;
    world.table.put(record(1, "seen"));
    world.drain().await.unwrap();
    stay_quiet(&world, "first").await;
    let document = async || world.index(&Faults::none()).load().await.unwrap();
    let [(first, until)] = document().await.windows()[..] else {
        panic!("{:?}", document().await.windows());
    };
    assert_eq!(Some(until), document().await.stored_until());
    world.clock.advance(Duration::from_hours(30));
    world.table.put(record(2, "lost"));
    world.table.put(record(3, "lost"));
    world.table.trim();
    world.clock.advance(Duration::from_secs(5));
    for number in 4..9 {
        world.table.put(record(number, "after"));
    }
    world.drain().await.unwrap();
    let after_gap = document().await;
    assert!(!after_gap.gaps.is_empty());
    assert_eq!(after_gap.complete_from(), None);
    let from = after_gap.gaps.iter().map(|gap| gap.from).min().unwrap();
    let [(same, ends)] = after_gap.windows()[..] else {
        panic!("what is before the gap stays: {:?}", after_gap.windows());
    };
    assert_eq!(same, first);
    assert!(ends < from && ends >= until - jiff::SignedDuration::from_secs(90));
    world.clock.advance(Duration::from_secs(5));
    world.backfill("again", &Faults::none()).await.unwrap();
    stay_quiet(&world, "second").await;
    let healed = document().await;
    let [(_, ends_again), (second, now)] = healed.windows()[..] else {
        panic!("{:?}", healed.windows());
    };
    assert_eq!(ends_again, ends);
    assert_eq!(Some(second), healed.complete_from());
    assert_eq!(Some(now), healed.stored_until());
    assert_eq!(world.restored(now).await, world.table.items());
}

/// Stores every change as a function does that is not told the shard.
async fn store_by_events(world: &World, stored: &mut BTreeSet<String>) {
    let applier = Applier::open(world.index(&Faults::none())).await.unwrap();
    for record in world.table.stream_records().iter().flatten() {
        if !stored.insert(record.event_id.clone()) {
            continue;
        }
        let stored_now = applier
            .apply(std::slice::from_ref(record), &Marks::default())
            .await
            .unwrap();
        assert!(stored_now.failed.is_none());
    }
}

#[tokio::test]
async fn a_watcher_finds_out_up_to_when_another_one_has_stored_the_stream() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = World::new(simple(), layout);
        for number in 0..20 {
            world.table.put(record(number, "old"));
        }
        world.clock.advance(Duration::from_secs(5));
        world.prepare().await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        world.backfill("first", &Faults::none()).await.unwrap();
        let applier = Applier::open(world.index(&Faults::none())).await.unwrap();
        let stream = std::sync::Arc::new(world.stream.clone());
        let mut watcher = Watcher::new(stream, world.time(), applier);
        let mut watch = async |seconds: u32| {
            for _ in 0..seconds / 3 {
                watcher.tick().await.unwrap();
                world.clock.advance(Duration::from_secs(3));
            }
            let document = world.index(&Faults::none()).load().await.unwrap();
            document.stored_until().unwrap()
        };
        let quiet = watch(120).await;
        let behind = world.clock.now().duration_since(quiet);
        assert!(behind.as_secs() < 60, "nothing happens: {behind}");

        let changed_at = world.clock.now();
        for number in 0..20 {
            world.table.put(record(number, "new"));
        }
        let held = watch(300).await;
        assert!(held <= changed_at, "what nobody stored is not stored");
        let mut stored = BTreeSet::new();
        store_by_events(&world, &mut stored).await;
        let after = watch(120).await;
        assert!(after > changed_at, "now it is");
        assert_eq!(world.restored(after).await, world.table.items());

        world.table.put(record(1, "again"));
        let again_at = world.clock.now();
        assert!(watch(120).await <= again_at);
        store_by_events(&world, &mut stored).await;
        assert!(watch(120).await > again_at);
        let document = world.index(&Faults::none()).load().await.unwrap();
        assert!(document.gaps.is_empty());
        assert_eq!(document.windows().len(), 1);
    }
}
