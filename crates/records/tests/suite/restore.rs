//! Restores: planned, applied as planned, undone, loaded into new tables.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use tidemark_records::{
    RecordsError,
    diff::{DiffCounts, LiveDiff, TimesDiff},
    index::LayoutKind,
    ports::{Clock, SourceTable},
    restore::{
        ApplyOptions, Comparison, LoadOptions, LoadRequest, LoadState, Predicate, RestoreFilter,
        RestorePlan, RestorePlanRequest, UndoRequest, Way, apply_restore, choose_way,
        import_snapshot, load_owns, load_plan, load_table, plan_restore, plan_undo,
    },
    retry::RetryingTable,
    scan::ScanOptions,
    snapshot::{SnapshotOptions, write_snapshot},
    states::KeyRange,
    testing::{Faults, MemoryTable},
};

use crate::world::{World, captured, composite, item, record, record_key, simple};

async fn plan(world: &World, request: &RestorePlanRequest) -> RestorePlan {
    let backup = world.backup().await.unwrap();
    plan_restore(&backup, &world.source(), &world.time(), request)
        .await
        .unwrap()
}

fn request(id: &str, as_of: jiff::Timestamp) -> RestorePlanRequest {
    RestorePlanRequest {
        id: id.to_owned(),
        as_of,
        filter: RestoreFilter::default(),
        delete_others: true,
        scan: ScanOptions::default(),
    }
}

#[tokio::test]
async fn a_restore_into_the_table_is_planned_applied_and_resumed() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = captured(simple(), layout, 2_500).await;
        let good = world.clock.now();
        let was = world.table.items();
        world.clock.advance(Duration::from_secs(5));
        for number in 0..1_200 {
            world.table.put(record(number, "spoiled"));
        }
        for number in 2_000..2_100 {
            world.table.delete(&record_key(number));
        }
        for number in 3_000..3_050 {
            world.table.put(record(number, "not there then"));
        }
        world.drain().await.unwrap();
        let plan = plan(&world, &request("p1", good)).await;
        assert_eq!(
            (
                plan.counts.create,
                plan.counts.overwrite,
                plan.counts.delete,
                plan.counts.unchanged
            ),
            (100, 1_200, 50, 1_200)
        );
        assert!(plan.notes.is_empty(), "{:?}", plan.notes);
        assert_eq!(plan.pages.len(), 2);
        // Somebody writes between plan and restore.
        world.table.put(record(5, "written since"));
        world.table.delete(&record_key(6));
        world.table.put(record(2_050, "re-created since"));

        // The first attempt dies in the middle.
        let faults = Faults::none().crash_in(1_800, true);
        let dying: Arc<dyn SourceTable> = Arc::new(world.table.with_faults(faults));
        let index = world.index(&Faults::none());
        let plan = load_plan(&index, &plan.id).await.unwrap();
        let options = ApplyOptions::default();
        apply_restore(&index, &dying, &plan, &options, |_| ())
            .await
            .unwrap_err();
        let state = apply_restore(&index, &world.source(), &plan, &options, |_| ())
            .await
            .unwrap();
        let changed: Vec<&str> = state.changed.iter().map(|c| c.key.as_str()).collect();
        assert_eq!(
            changed,
            [5, 6, 2_050].map(|number| record_key(number).to_string())
        );
        assert_eq!(state.pages_done, 2);
        let mut wanted = was;
        wanted.insert(record_key(5), record(5, "written since"));
        wanted.remove(&record_key(6));
        wanted.insert(record_key(2_050), record(2_050, "re-created since"));
        assert_eq!(world.table.items(), wanted);
    }
}

#[tokio::test]
async fn a_filter_takes_a_partition_keys_or_a_predicate_and_leaves_the_rest() {
    let world = World::new(composite(), LayoutKind::Segments);
    let row = |tenant: &str, number: u32, value: &str| {
        item(&format!(
            r#"{{"tenant":{{"S":"{tenant}"}},"number":{{"N":"{number}"}},"v":{{"S":"{value}"}}}}"#
        ))
    };
    for number in 0..20 {
        world.table.put(row("a", number, "old"));
        world.table.put(row("b", number, "old"));
    }
    world.prepare().await.unwrap();
    world.backfill("first", &Faults::none()).await.unwrap();
    world.drain().await.unwrap();
    let good = world.clock.now();
    world.clock.advance(Duration::from_secs(5));
    for number in 0..20 {
        world.table.put(row("a", number, "new"));
        world.table.put(row("b", number, "new"));
    }
    world.table.put(row("a", 99, "extra"));
    world.drain().await.unwrap();
    let mut request = request("p", good);
    request.filter.partition = Some(r#"{"S":"a"}"#.to_owned());
    let counts = plan(&world, &request).await.counts;
    assert_eq!((counts.overwrite, counts.delete), (20, 1));
    request.delete_others = false;
    let counts = plan(&world, &request).await.counts;
    assert_eq!((counts.delete, counts.kept), (0, 1));
    request.filter.predicate = Some(Predicate::Compare {
        path: "number".to_owned(),
        with: Comparison::Less,
        value: r#"{"N":"5"}"#.to_owned(),
    });
    let counts = plan(&world, &request).await.counts;
    assert_eq!((counts.overwrite, counts.kept), (5, 0));
    request.filter = RestoreFilter {
        keys: Some(BTreeSet::from([
            r#"{"number":{"N":"3"},"tenant":{"S":"b"}}"#.to_owned(),
        ])),
        ..RestoreFilter::default()
    };
    assert_eq!(plan(&world, &request).await.counts.actions(), 1);
}

#[tokio::test]
async fn chosen_records_are_undone_and_everything_else_is_left_alone() {
    let world = captured(simple(), LayoutKind::Segments, 1_000).await;
    let before = world.clock.now();
    world.clock.advance(Duration::from_secs(10));
    for number in 0..300 {
        world.table.put(record(number, "spoiled"));
    }
    world.drain().await.unwrap();
    let after = world.clock.now();
    world.clock.advance(Duration::from_secs(10));
    for number in 900..950 {
        world.table.put(record(number, "written since"));
    }
    world.table.put(record(20, "corrected by hand"));
    world.drain().await.unwrap();

    let backup = world.backup().await.unwrap();
    let mut diff = TimesDiff::open(&backup, before, after, KeyRange::all())
        .await
        .unwrap();
    let mut spoiled = Vec::new();
    while let Some(page) = diff.next_page().await.unwrap() {
        spoiled.extend(page.changes);
    }
    assert_eq!(
        diff.counts(),
        DiffCounts {
            changed: 300,
            unchanged: 700,
            ..DiffCounts::default()
        }
    );
    let chosen: BTreeSet<String> = spoiled[..250]
        .iter()
        .map(|change| change.key.to_string())
        .collect();
    let index = world.index(&Faults::none());
    let request = UndoRequest {
        id: "undo".to_owned(),
        before,
        after,
        keys: chosen,
    };
    let plan = plan_undo(&backup, &world.source(), &world.time(), &request)
        .await
        .unwrap();
    assert_eq!(plan.counts.overwrite, 249);
    assert_eq!(plan.conflicts, [record_key(20).to_string()]);
    world.table.put(record(30, "changed after the plan"));
    let table = world.source();
    let state = apply_restore(&index, &table, &plan, &ApplyOptions::default(), |_| ())
        .await
        .unwrap();
    assert_eq!(state.overwritten, 248);
    assert_eq!(state.changed.len(), 1);
    assert_eq!(state.changed[0].key, record_key(30).to_string());
    let items = world.table.items();
    for number in 0..1_000 {
        let wanted = match number {
            20 => "corrected by hand",
            30 => "changed after the plan",
            250..300 => "spoiled",
            900..950 => "written since",
            _ => "old",
        };
        assert_eq!(
            items[&record_key(number)],
            record(number, wanted),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_new_table_is_imported_from_a_snapshot_or_written_and_either_is_equal() {
    let world = captured(simple(), LayoutKind::Segments, 1_500).await;
    let as_of = world.clock.now();
    let was = world.table.items();
    world.clock.advance(Duration::from_secs(5));
    world.table.put(record(1, "later"));
    world.drain().await.unwrap();
    let index = world.index(&Faults::none());
    let options = SnapshotOptions { file_bytes: 20_000 };
    let entry = write_snapshot(&index, as_of, &options, world.clock.now())
        .await
        .unwrap();
    assert_eq!(entry.items, 1_500);
    assert!(entry.files > 1);
    let again = write_snapshot(&index, as_of, &options, world.clock.now())
        .await
        .unwrap();
    assert_eq!((&entry.id, entry.files), (&again.id, again.files));
    let document = index.load().await.unwrap();
    assert_eq!(document.snapshots.len(), 1);

    let all = RestoreFilter::default();
    let Way::Import(snapshot) = choose_way(&document.snapshots, as_of, &all) else {
        panic!("the snapshot fits");
    };
    let table = MemoryTable::missing(
        "imported",
        simple(),
        world.clock.clone(),
        world.store.clone(),
    );
    let like = document.table.clone();
    let imported = import_snapshot(&index, &table, &like, &snapshot, "token", &world.backoff())
        .await
        .unwrap();
    assert_eq!(imported, 1_500);
    assert_eq!(table.items(), was);

    // Written, with throttling, unprocessed records and a crash on the way.
    let later = world.clock.now();
    assert_eq!(choose_way(&document.snapshots, later, &all), Way::Write);
    let table = MemoryTable::missing(
        "written",
        simple(),
        world.clock.clone(),
        world.store.clone(),
    );
    let backup = world.backup().await.unwrap();
    let dying: Arc<dyn SourceTable> =
        Arc::new(table.with_faults(Faults::none().crash_in(50, false)));
    let options = LoadOptions::default();
    let work = LoadRequest {
        id: "l".to_owned(),
        like: like.clone(),
        as_of,
        filter: all.clone(),
    };
    let load = async |table: &Arc<dyn SourceTable>| {
        load_table(&backup, table, &work, &options, &world.backoff(), |_| ()).await
    };
    load(&dying).await.unwrap_err();
    // Stopped right before or after any of the first calls, of which one makes the table.
    for (call, after_effect) in (1..=4).flat_map(|call| [(call, false), (call, true)]) {
        let name = format!("stopped-{call}-{after_effect}");
        let (clock, store) = (world.clock.clone(), world.store.clone());
        let table = MemoryTable::missing(&name, simple(), clock, store);
        let faults = Faults::none().crash_in(call, after_effect);
        let dying: Arc<dyn SourceTable> = Arc::new(table.with_faults(faults));
        load(&dying).await.unwrap_err();
        let whole: Arc<dyn SourceTable> = Arc::new(table.clone());
        assert!(load(&whole).await.unwrap().done);
        assert_eq!(table.items(), was, "{name}");
    }
    table.leave_unprocessed(300);
    let table_port: Arc<dyn SourceTable> = Arc::new(table.clone());
    let state = load(&table_port).await.unwrap();
    assert!(state.done && state.troubles.is_empty());
    assert_eq!(table.items(), was);
    let other: Arc<dyn SourceTable> = Arc::new(world.table.clone());
    let error = load(&other).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("there is a table orders already"),
        "{error}"
    );
}

#[tokio::test]
async fn the_difference_to_the_live_table_is_counted_and_listed() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = captured(simple(), layout, 1_200).await;
        let then = world.clock.now();
        world.clock.advance(Duration::from_secs(3));
        for number in 0..1_100 {
            world.table.put(record(number, "changed"));
        }
        world.table.delete(&record_key(1_150));
        world.table.put(record(5_000, "added"));
        let backup = world.backup().await.unwrap();
        let mut diff = LiveDiff::open(
            &backup,
            &world.source(),
            &world.time(),
            "d",
            then,
            KeyRange::all(),
            &ScanOptions::default(),
        )
        .await
        .unwrap();
        let mut changes = Vec::new();
        while let Some(page) = diff.next_page().await.unwrap() {
            assert!(page.changes.len() <= 1_000 && page.troubles.is_empty());
            changes.extend(page.changes);
        }
        assert_eq!(
            diff.counts(),
            DiffCounts {
                added: 1,
                removed: 1,
                changed: 1_100,
                unchanged: 99,
            }
        );
        assert!(changes.is_sorted_by(|a, b| a.key < b.key));
        assert_eq!(changes.len(), 1_102);
    }
}

/// A load of the whole backup into a table that is not there yet.
async fn load(
    world: &World,
    table: &MemoryTable,
    id: &str,
    faults: &Faults,
) -> Result<LoadState, RecordsError> {
    let backup = world.backup().await.unwrap();
    let source: Arc<dyn SourceTable> = Arc::new(RetryingTable::new(
        Arc::new(table.with_faults(faults.clone())),
        world.backoff(),
    ));
    let request = LoadRequest {
        id: id.to_owned(),
        like: backup.document().unwrap().table.clone(),
        as_of: world.clock.now(),
        filter: RestoreFilter::default(),
    };
    let options = LoadOptions::default();
    load_table(
        &backup,
        &source,
        &request,
        &options,
        &world.backoff(),
        |_| {},
    )
    .await
}

#[tokio::test]
async fn a_table_that_takes_nothing_for_a_while_is_waited_for_and_filled_in_the_end() {
    let world = captured(simple(), LayoutKind::Segments, 60).await;
    let clock = world.clock.clone();
    let new = MemoryTable::missing("new", simple(), clock, world.store.clone());
    new.leave_unprocessed(25 * 30);
    let error = load(&world, &new, "load", &Faults::none())
        .await
        .unwrap_err();
    assert!(error.is_retryable(), "it passes: {error}");
    let mut tries = 1;
    while let Err(error) = load(&world, &new, "load", &Faults::none()).await {
        assert!(error.is_retryable(), "{error}");
        tries += 1;
        assert!(tries < 50);
    }
    assert_eq!(new.items(), world.table.items());
}

#[tokio::test]
async fn a_load_writes_nothing_into_a_table_that_took_the_place_of_its_own() {
    let world = captured(simple(), LayoutKind::Segments, 60).await;
    let like = world.source().describe().await.unwrap();
    let new = MemoryTable::missing("new", simple(), world.clock.clone(), world.store.clone());
    new.leave_unprocessed(25 * 30);
    let error = load(&world, &new, "load", &Faults::none())
        .await
        .unwrap_err();
    assert!(error.is_retryable(), "{error}");
    // Somebody deletes it, and makes another.
    new.vanish();
    world.clock.advance(Duration::from_secs(1));
    new.create(&like, "theirs").await.unwrap();
    new.leave_unprocessed(0);
    let error = load(&world, &new, "load", &Faults::none())
        .await
        .unwrap_err();
    assert!(!error.is_retryable(), "{error}");
    assert!(error.to_string().contains("was replaced"), "{error}");
    assert!(new.items().is_empty(), "nothing is written into it");
    let backup = world.backup().await.unwrap();
    assert!(!load_owns(backup.handle(), "load", &new).await.unwrap());
}

#[tokio::test]
async fn a_load_takes_no_table_of_others_for_its_own() {
    let world = captured(simple(), LayoutKind::Segments, 10).await;
    let like = world.source().describe().await.unwrap();
    let missing =
        || MemoryTable::missing("new", simple(), world.clock.clone(), world.store.clone());
    // The answer to one's own request was lost.
    let mine = missing();
    let lost = Faults::none().lose_answer("dynamodb:CreateTable");
    load(&world, &mine, "mine", &lost).await.unwrap();
    assert_eq!(mine.items(), world.table.items());
    let marks = mine.describe().await.unwrap().settings.tags;
    assert!(marks.is_empty(), "the mark is taken off again");
    // Others make the table between the look and the request.
    let theirs = missing();
    let (other, at) = (theirs.clone(), like.clone());
    let between = Faults::none().meanwhile(move |operation| {
        if operation == "dynamodb:CreateTable" {
            futures::executor::block_on(other.create(&at, "theirs")).ok();
        }
    });
    let error = load(&world, &theirs, "mine-too", &between)
        .await
        .unwrap_err();
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("did not make"), "{error}");
    assert!(theirs.items().is_empty(), "nothing is written into it");
}
