//! Backups of earlier releases, whose keys and names hold numbers as they came.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{Backup, KeyRange};
use crate::{
    capture::prepare,
    compact::{CompactOptions, compact},
    event::{Change, Event, Moment},
    index::{BackupPaths, IndexHandle, LayoutKind, Updated},
    key::{KeyAttribute, KeySchema, KeyType, RecordKey, spelled_names},
    objects::ObjectNote,
    ports::{ObjectStore, PutObject, SourceTable, StreamView},
    segment::write_segment,
    testing::{MemoryStore, MemoryTable, StillClock},
    wire::Item,
};

struct Old {
    clock: StillClock,
    store: Arc<dyn ObjectStore>,
    index: IndexHandle,
}

fn schema() -> KeySchema {
    KeySchema::composite(
        KeyAttribute::new("k", KeyType::N),
        KeyAttribute::new("s", KeyType::S),
    )
}

fn row(number: &str, value: &str) -> anyhow::Result<Item> {
    Ok(Item::parse(format!(
        r#"{{"k":{{"N":"{number}"}},"s":{{"S":"x"}},"v":{{"S":"{value}"}}}}"#
    ))?)
}

fn moment(second: i64) -> Moment {
    Moment::import(Timestamp::from_second(second).unwrap_or_default(), 0)
}

impl Old {
    async fn new(layout: LayoutKind) -> anyhow::Result<Self> {
        let clock = StillClock::default();
        let table = MemoryTable::new("orders", schema(), clock.clone());
        table.enable_stream(StreamView::NewImage);
        let store: Arc<dyn ObjectStore> = Arc::new(MemoryStore::new(clock.clone()));
        let index = IndexHandle::new(store.clone(), BackupPaths::new("b", "orders"));
        let table: Arc<dyn SourceTable> = Arc::new(table);
        let now = crate::ports::Clock::now(&clock);
        prepare(&index, table.as_ref(), layout, now).await?;
        index
            .update(|document| {
                document.canonical_names = false;
                Ok(Updated::Write(()))
            })
            .await?;
        Ok(Self {
            clock,
            store,
            index,
        })
    }

    /// As an earlier release wrote it: keys as they came, in the order of these.
    async fn segment(&self, rows: &[(&str, &str, i64)]) -> anyhow::Result<()> {
        let events = rows
            .iter()
            .map(|(number, value, second)| {
                let item = row(number, value)?;
                Ok(Event {
                    key: RecordKey::as_spelled(&schema(), &item)?,
                    moment: moment(*second),
                    change: Change::Put(item),
                })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let entry = write_segment(&self.store, self.index.paths(), events).await?;
        let mut entry = entry.ok_or_else(|| anyhow::anyhow!("no segment"))?;
        entry.canonical = false;
        self.index
            .update(|document| {
                document.add_segment(entry.clone());
                Ok(Updated::Write(()))
            })
            .await?;
        Ok(())
    }

    async fn object(&self, number: &str, value: &str, second: i64) -> anyhow::Result<()> {
        let item = row(number, value)?;
        let name = spelled_names(&schema(), &item)?.swap_remove(0);
        let name = self.index.paths().object(&name);
        let mut put = PutObject::new(name, item.bytes().clone());
        put.metadata = ObjectNote::of(moment(second), &Change::Put(item)).to_metadata(None);
        self.store.put(&put).await?;
        Ok(())
    }

    async fn values(&self) -> anyhow::Result<Vec<(String, String)>> {
        let backup = Backup::open(self.index.clone()).await?;
        let states = backup.states(&[Timestamp::MAX], KeyRange::all()).await?;
        let all = states.all().await?;
        anyhow::ensure!(all.troubles.is_empty(), "{:?}", all.troubles);
        let mut values = Vec::new();
        for record in &all.records {
            let number = record
                .key
                .partition()
                .trim_matches(|c| "{}\":N".contains(c));
            let value = record.item(0).and_then(|item| item.get("v"));
            let value = value
                .unwrap_or_default()
                .trim_matches(|c| "{}\":S".contains(c));
            values.push((number.to_owned(), value.to_owned()));
        }
        Ok(values)
    }

    async fn history(&self, number: &str) -> anyhow::Result<usize> {
        let backup = Backup::open(self.index.clone()).await?;
        let key = RecordKey::of_item(&schema(), &row(number, "")?)?;
        Ok(backup.history(&key).await?.versions.len())
    }
}

fn wanted() -> Vec<(String, String)> {
    [
        ("1", "one, newest"),
        ("100", "hundred"),
        ("1000000000000000000000", "large"),
        ("1E-7", "small"),
        ("2", "two"),
        ("30", "thirty"),
    ]
    .map(|(number, value)| (number.to_owned(), value.to_owned()))
    .to_vec()
}

async fn filled() -> anyhow::Result<Old> {
    let old = Old::new(LayoutKind::Segments).await?;
    old.segment(&[
        ("1.0", "one, old", 10),
        ("1e+21", "large", 10),
        ("1e-7", "small", 10),
        ("1e2", "hundred", 10),
        ("2", "two", 10),
    ])
    .await?;
    old.segment(&[
        ("1", "one, newest", 20),
        ("30.00", "thirty", 5),
        ("3E1", "thirty, older", 4),
    ])
    .await?;
    Ok(old)
}

#[tokio::test]
async fn changes_of_one_record_under_several_spellings_are_one_history() -> anyhow::Result<()> {
    let old = filled().await?;
    assert_eq!(old.values().await?, wanted());
    assert_eq!(old.history("10e-1").await?, 2);
    assert_eq!(old.history("1E21").await?, 1);
    assert_eq!(old.history("30").await?, 2);
    Ok(())
}

#[tokio::test]
async fn merging_brings_old_keys_into_their_places_and_notes_it() -> anyhow::Result<()> {
    let old = filled().await?;
    let options = CompactOptions {
        segments: 2,
        piece_bytes: 200,
        keep: Duration::ZERO,
        ..CompactOptions::default()
    };
    let now = crate::ports::Clock::now(&old.clock);
    compact(&old.index, &options, now).await?;
    let document = old.index.load().await?;
    assert!(document.segments.is_empty());
    assert!(
        document
            .runs
            .iter()
            .all(|run| run.canonical && run.pieces > 1)
    );
    assert_eq!(old.values().await?, wanted());
    assert_eq!(old.history("1.00").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_run_of_an_earlier_release_is_looked_through_once() -> anyhow::Result<()> {
    for (number, written_anew) in [("7", false), ("7.0", true)] {
        let old = Old::new(LayoutKind::Segments).await?;
        old.segment(&[(number, "seven", 10), ("8", "eight", 10)])
            .await?;
        let list = old
            .index
            .update(|document| {
                let segments = std::mem::take(&mut document.segments);
                Ok(Updated::Write(segments))
            })
            .await?;
        let body = serde_json::to_vec(&list)?;
        let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&body));
        let name = old.index.paths().run(&sha256);
        old.store.put(&PutObject::new(&name, body)).await?;
        old.index
            .update(|document| {
                document.runs.push(crate::index::RunEntry {
                    list: name.clone(),
                    sha256: sha256.clone(),
                    pieces: 1,
                    events: 2,
                    bytes: list[0].bytes,
                    first: list[0].first,
                    last: list[0].last,
                    canonical: false,
                });
                Ok(Updated::Write(()))
            })
            .await?;
        let now = crate::ports::Clock::now(&old.clock);
        compact(&old.index, &CompactOptions::default(), now).await?;
        let document = old.index.load().await?;
        assert!(document.runs[0].canonical);
        assert_eq!(document.runs[0].list != name, written_anew);
        assert_eq!(old.values().await?.len(), 2);
        assert_eq!(old.history("70e-1").await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn objects_named_by_any_spelling_are_copies_of_one_record() -> anyhow::Result<()> {
    let old = Old::new(LayoutKind::Objects).await?;
    for (number, value, second) in [
        ("1.0", "one, old", 10),
        ("1", "one, newest", 20),
        ("1e0", "one, older", 5),
        ("2.00", "two, newest", 30),
        ("2", "two, old", 20),
        ("3.0", "three", 1),
        ("1e-7", "small", 1),
    ] {
        old.object(number, value, second).await?;
    }
    let mut values = old.values().await?;
    values.sort();
    let wanted = [
        ("1", "one, newest"),
        ("1E-7", "small"),
        ("2", "two, newest"),
        ("3", "three"),
    ];
    assert_eq!(values, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(old.history("1").await?, 3);
    assert_eq!(old.history("3").await?, 1);
    Ok(())
}
