//! Random items come back bit for bit through both layouts and the export form.

use std::io::Read as _;

use tidemark_records::{
    index::LayoutKind,
    lines::ItemLines,
    ports::Clock,
    snapshot::{SnapshotOptions, write_snapshot},
    testing::{Faults, Random},
    wire::{Item, quoted},
};

use crate::world::{World, simple};

fn value(random: &mut Random, depth: u32) -> String {
    use base64::Engine as _;
    let mut text = |longest: u64| -> String {
        let alphabet = [
            'a', 'é', '"', '\\', '\n', '\u{1}', '😀', '\u{2028}', ' ', '/',
        ];
        (0..random.below(longest))
            .map(|_| *random.pick(&alphabet).unwrap())
            .collect()
    };
    let string = quoted(&text(12));
    let binary: String = base64::engine::general_purpose::STANDARD.encode(text(9));
    let number = match random.below(5) {
        0 => "12345678901234567890123456789012345678".to_owned(),
        1 => "-0.00000000000000000000000000000000001".to_owned(),
        2 => format!("{}E-{}", random.below(99), random.below(99)),
        3 => "9007199254740993".to_owned(),
        _ => random.any().to_string(),
    };
    let kinds = if depth < 6 { 10 } else { 6 };
    match random.below(kinds) {
        0 => format!("{{\"S\":{string}}}"),
        1 => format!("{{\"N\":\"{number}\"}}"),
        2 => format!("{{\"B\":\"{binary}\"}}"),
        3 => "{\"BOOL\":false}".to_owned(),
        4 => "{\"NULL\":true}".to_owned(),
        5 => "{\"S\":\"\"}".to_owned(),
        6 => format!(
            "{{\"SS\":[\"z\",{},\"b\"]}}",
            quoted(&format!("q{}", random.below(9)))
        ),
        7 => format!("{{\"NS\":[\"9\",\"{}\"]}}", 10 + random.below(90)),
        8 => {
            let members: Vec<String> = (0..random.below(4))
                .map(|_| value(random, depth + 1))
                .collect();
            format!("{{\"L\":[{}]}}", members.join(" ,"))
        }
        _ => {
            let members: Vec<String> = (0..random.below(4))
                .map(|n| format!("\"k{}\" : {}", 9 - n, value(random, depth + 1)))
                .collect();
            format!("{{\"M\":{{{}}}}}", members.join(","))
        }
    }
}

fn random_item(random: &mut Random, number: u32) -> Item {
    let members: Vec<String> = (0..random.below(6))
        .map(|n| format!("\"a{n}\":{}", value(random, 0)))
        .collect();
    let mut all = vec![format!("\"id\":{{\"S\":\"{number:05}\"}}")];
    all.extend(members);
    Item::parse(format!("{{{}}}", all.join(","))).unwrap()
}

#[tokio::test]
async fn random_items_survive_both_layouts_and_the_export_form() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let mut random = Random::new(11);
        let world = World::new(simple(), layout);
        for number in 0..150 {
            world.table.put(random_item(&mut random, number));
        }
        world.prepare().await.unwrap();
        for number in 100..300 {
            world.table.put(random_item(&mut random, number));
        }
        world.backfill("first", &Faults::none()).await.unwrap();
        world.drain().await.unwrap();
        let now = world.clock.now();
        let restored = world.restored(now).await;
        assert_eq!(restored.len(), 300);
        for (key, item) in world.table.items() {
            assert_eq!(restored[&key].bytes(), item.bytes());
        }
        let index = world.index(&Faults::none());
        let entry = write_snapshot(&index, now, &SnapshotOptions::default(), now)
            .await
            .unwrap();
        let mut seen = 0;
        for name in world.store.names() {
            if name.starts_with(&format!("{}data/", entry.prefix)) {
                let body = world.store.body(&name).unwrap();
                let mut text = String::new();
                flate2::read::GzDecoder::new(&body[..])
                    .read_to_string(&mut text)
                    .unwrap();
                assert!(text.starts_with("{\"Item\":{"));
                for item in ItemLines::new(name, body) {
                    let item = item.unwrap();
                    let same = restored.values().any(|kept| kept.bytes() == item.bytes());
                    assert!(same);
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 300);
        assert!(
            world
                .store
                .body(&format!("{}manifest-summary.json", entry.prefix))
                .is_some()
        );
    }
}
