//! Hostile and damaged input: a clear error that names it, and the rest goes on.

use tidemark_records::{
    RecordsError,
    capture::records_of_lambda_event,
    compact::{CompactOptions, compact},
    diff::diff_items,
    event::{Change, Event, Moment},
    index::LayoutKind,
    key::{KeyError, RecordKey},
    lines::ItemLines,
    ports::Clock,
    restore::{
        ApplyOptions, RestoreFilter, RestorePlan, RestorePlanRequest, apply_restore, plan_restore,
    },
    scan::ScanOptions,
    segment::{SegmentReader, encode_segment},
    snapshot::{SnapshotOptions, write_snapshot},
    states::KeyRange,
    testing::{Faults, Random},
    wire::Item,
};

use crate::world::{World, captured, record, record_key, simple};

#[test]
fn a_body_nested_ten_thousand_deep_is_refused_without_exhausting_the_stack() {
    let deep = format!(
        "{{\"id\":{{\"S\":\"a\"}},\"x\":{}{}{}}}",
        "{\"L\":[".repeat(10_000),
        "{\"NULL\":true}",
        "]}".repeat(10_000)
    );
    let error = Item::parse(deep).unwrap_err();
    assert!(
        error.to_string().contains("nested deeper than 64 levels"),
        "{error}"
    );
    let maps = "{\"M\":{\"a\":".repeat(10_000);
    assert!(Item::parse(format!("{{\"x\":{maps}")).is_err());
    let fair = format!(
        "{{\"x\":{}{}{}}}",
        "{\"L\":[".repeat(32),
        "{\"N\":\"1\"}",
        "]}".repeat(32)
    );
    assert!(
        Item::parse(fair).is_ok(),
        "DynamoDB's own 32 levels are fine"
    );
}

#[test]
fn text_that_is_no_item_is_refused_with_its_place() {
    let cases = [
        "",
        "{",
        "[]",
        "null",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"S\":1}}",
        "{\"a\":{\"N\":\"x\"}}",
        "{\"a\":{\"N\":1}}",
        "{\"a\":{\"S\":\"x\",\"N\":\"1\"}}",
        "{\"a\":{\"Q\":\"x\"}}",
        "{\"a\":{\"SS\":[]}}",
        "{\"a\":{\"S\":\"\\ud800\"}}",
        "{\"a\":{\"S\":\"\\x\"}}",
        "{\"a\":{\"S\":\"x\"}}{}",
        "{\"a\":{\"S\":\"x\"},\"a\":{\"S\":\"y\"}}",
        "{\"a\":{\"B\":\"*\"}}",
        "{\"a\":{\"S\":\"x\"},}",
        "{\"a\":{\"BOOL\":\"true\"}}",
        "{\"a\":{\"S\":\"\n\"}}",
    ];
    for case in cases {
        assert!(Item::parse(case).is_err(), "{case}");
    }
    assert!(Item::parse(&b"{\"a\":{\"S\":\"\xff\"}}"[..]).is_err());
    let huge = format!("{{\"a\":{{\"S\":\"{}\"}}}}", "x".repeat(5 << 20));
    assert!(
        Item::parse(huge)
            .unwrap_err()
            .to_string()
            .contains("no item has")
    );
    let key = RecordKey::parse(&simple(), "{\"id\":{\"N\":\"1\"}}").unwrap_err();
    assert!(matches!(key, KeyError::Type { .. }));
    assert!(
        RecordKey::parse(&simple(), "{}")
            .unwrap_err()
            .to_string()
            .contains("id is missing")
    );
}

#[tokio::test]
async fn items_of_four_hundred_kilobytes_go_through_both_layouts() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let world = World::new(simple(), layout);
        for number in 0..4 {
            world.table.put(record(number, &"\\u0001é".repeat(130_000)));
        }
        world.prepare().await.unwrap();
        world.backfill("first", &Faults::none()).await.unwrap();
        world.table.put(record(2, &"y".repeat(400_000)));
        world.drain().await.unwrap();
        assert_eq!(world.restored(world.clock.now()).await, world.table.items());
    }
}

#[tokio::test]
async fn a_damaged_segment_is_named_and_the_other_records_are_read() {
    let world = captured(simple(), LayoutKind::Segments, 60).await;
    let segments: Vec<String> = world
        .store
        .names()
        .into_iter()
        .filter(|name| name.ends_with(".jsonl.zst"))
        .collect();
    assert!(segments.len() > 5);
    let damaged = segments[2].clone();
    let body = world.store.body(&damaged).unwrap();
    world.store.tamper(&damaged, body.slice(..body.len() / 2));
    let backup = world.backup().await.unwrap();
    let now = world.clock.now();
    let page = backup
        .states(&[now], KeyRange::all())
        .await
        .unwrap()
        .all()
        .await
        .unwrap();
    assert!(
        page.troubles
            .iter()
            .all(|trouble| trouble.subject == damaged)
    );
    assert!(!page.troubles.is_empty());
    assert!(page.records.len() > 40 && page.records.len() < 60);

    // What would lose records silently is refused.
    let index = world.index(&Faults::none());
    let snapshot = write_snapshot(&index, now, &SnapshotOptions::default(), now).await;
    assert!(matches!(snapshot, Err(RecordsError::BadObject { object, .. }) if object == damaged));
    let options = CompactOptions {
        segments: 2,
        ..CompactOptions::default()
    };
    let merged = compact(&index, &options, now).await;
    assert!(matches!(merged, Err(RecordsError::BadObject { object, .. }) if object == damaged));
    let document = index.load().await.unwrap();
    assert_eq!(
        document.segments.len(),
        segments.len(),
        "nothing is given up"
    );
}

#[tokio::test]
async fn an_index_of_another_make_is_refused_by_name() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    let name = world.paths().index();
    for text in [
        "not json",
        "{}",
        "{\"format\":\"tidemark-records\",\"version\":9}",
    ] {
        world.store.tamper(&name, text);
        let error = world.index(&Faults::none()).load().await.unwrap_err();
        assert!(error.to_string().contains(&name), "{error}");
    }
    world.store.vanish(&name);
    let error = world.index(&Faults::none()).load().await.unwrap_err();
    assert!(matches!(error, RecordsError::NoBackup { .. }), "{error}");
}

#[test]
fn no_reader_panics_on_mutilated_text() {
    let mut random = Random::new(3);
    let item = r#"{"id":{"S":"a\u00e9\n"},"l":{"L":[{"M":{"x":{"NS":["1","2"]}}},{"NULL":true}]},"b":{"B":"AAE="}}"#;
    let schema = simple();
    let event = Event {
        key: RecordKey::parse(&schema, r#"{"id":{"S":"a"}}"#).unwrap(),
        moment: Moment::backfill(jiff::Timestamp::UNIX_EPOCH),
        change: Change::Put(Item::parse(item).unwrap()),
    };
    let segment = encode_segment("t", vec![event; 3]).unwrap().unwrap().body;
    let texts = [item.as_bytes().to_vec(), segment.to_vec()];
    for round in 0..40_000 {
        let mut text = texts[round % 2].clone();
        for _ in 0..=random.below(3) {
            let place = usize::try_from(random.below(text.len() as u64)).unwrap();
            match random.below(3) {
                0 => text[place] = u8::try_from(random.below(256)).unwrap(),
                1 => text.truncate(place.max(1)),
                _ => text.insert(place, *random.pick(b"{}[]\":,\\u0").unwrap()),
            }
        }
        let bytes = bytes::Bytes::from(text);
        if let Ok(parsed) = Item::parse(bytes.clone()) {
            // What is accepted is stable, and every attribute can be walked.
            let again = Item::parse(parsed.bytes().clone()).unwrap();
            assert_eq!(again.bytes(), parsed.bytes());
            for attribute in parsed.attributes() {
                assert!(!attribute.tag().is_empty());
            }
            diff_items(Some(&parsed), None);
        }
        let mut reader = SegmentReader::new(bytes.clone());
        while let Ok(Some(_)) = reader.next_event() {}
        for line in ItemLines::new("x", bytes.clone()) {
            drop(line);
        }
        drop(records_of_lambda_event(&bytes));
    }
}

#[tokio::test]
async fn an_object_that_is_too_large_for_a_record_is_named_and_not_fetched() {
    let world = captured(simple(), LayoutKind::Objects, 3).await;
    let name = world
        .store
        .names()
        .into_iter()
        .find(|name| name.len() > 60)
        .unwrap();
    world.store.tamper(&name, vec![b' '; 5 << 20]);
    let backup = world.backup().await.unwrap();
    let states = backup
        .states(&[world.clock.now()], KeyRange::all())
        .await
        .unwrap();
    let page = states.all().await.unwrap();
    assert_eq!(page.records.len(), 2);
    assert!(
        page.troubles[0].subject.starts_with(&name),
        "{:?}",
        page.troubles
    );
    assert!(page.troubles[0].what.contains("which no item has"));
}

#[tokio::test]
async fn a_plan_that_was_altered_is_not_applied() {
    let world = captured(simple(), LayoutKind::Segments, 5).await;
    let good = world.clock.now();
    world.clock.advance(std::time::Duration::from_secs(3));
    world.table.put(record(1, "spoiled"));
    world.drain().await.unwrap();
    let backup = world.backup().await.unwrap();
    let request = RestorePlanRequest {
        id: "p".to_owned(),
        as_of: good,
        filter: RestoreFilter::default(),
        delete_others: false,
        scan: ScanOptions::default(),
    };
    let plan = plan_restore(&backup, &world.source(), &world.time(), &request)
        .await
        .unwrap();
    let apply = async |plan: &RestorePlan| {
        let index = backup.handle();
        apply_restore(
            index,
            &world.source(),
            plan,
            &ApplyOptions::default(),
            |_| (),
        )
        .await
    };
    let mut altered = plan.clone();
    altered.pages.clear();
    let error = apply(&altered).await.unwrap_err();
    assert!(error.to_string().contains("its digest differs"), "{error}");
    let page = &plan.pages[0].object;
    let body = world.store.body(page).unwrap();
    world.store.tamper(page, b"something else".to_vec());
    let error = apply(&plan).await.unwrap_err();
    assert!(error.to_string().contains(page), "{error}");
    world.store.tamper(page, body);
    assert_eq!(apply(&plan).await.unwrap().overwritten, 1);
    assert_eq!(world.table.items()[&record_key(1)], record(1, "old"));
}
