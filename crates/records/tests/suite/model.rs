//! The model test: whatever happens to the processes that capture a table, and in whatever order
//! changes arrive, the table as of every second is the one that it was.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use tidemark_records::{
    RecordsError,
    capture::{Applier, Marks, Tick},
    compact::{CompactOptions, compact},
    index::LayoutKind,
    key::RecordKey,
    ports::{Clock, StreamRecord},
    states::KeyRange,
    testing::{CRASHED, Faults, Random},
    wire::Item,
};

use crate::world::{World, composite, item, simple};

/// The table at each second at which it changed: what a backup is measured by.
type Model = Arc<Mutex<BTreeMap<i64, BTreeMap<RecordKey, Item>>>>;

struct Play {
    world: World,
    random: Random,
    model: Model,
    composite: bool,
    backfilled: bool,
}

fn mutate(world: &World, random: &mut Random, model: &Model, composite: bool) {
    let id = random.below(7);
    let key = if composite {
        format!(
            r#""tenant":{{"S":"t{}"}},"number":{{"N":"{}"}}"#,
            id % 2,
            id
        )
    } else {
        format!(r#""id":{{"S":"record {id}"}}"#)
    };
    let text = format!(r#"{{{key},"v":{{"N":"{}"}}}}"#, random.below(1_000_000));
    let item = item(&text);
    if random.percent(35) {
        let key = RecordKey::of_item(&world.table.schema(), &item).unwrap();
        world.table.delete(&key);
    } else {
        world.table.put(item);
    }
    model
        .lock()
        .unwrap()
        .insert(world.clock.now().as_second(), world.table.items());
}

impl Play {
    fn new(seed: u64, layout: LayoutKind) -> Self {
        let mut random = Random::new(seed);
        let composite_key = random.percent(50);
        let schema = if composite_key { composite() } else { simple() };
        Self {
            world: World::new(schema, layout),
            random,
            model: Model::default(),
            composite: composite_key,
            backfilled: false,
        }
    }

    fn mutate(&mut self) {
        mutate(&self.world, &mut self.random, &self.model, self.composite);
    }

    /// What befalls the next process.
    fn faults(&mut self) -> Faults {
        let mut faults = Faults::none();
        if self.random.percent(40) {
            let calls = 1 + self.random.below(25);
            faults = faults.crash_in(calls, self.random.percent(50));
        }
        if self.random.percent(30) {
            let random = Random::new(self.random.any());
            faults = faults.throttle(20, random);
        }
        let (world, model) = (self.world.clone(), self.model.clone());
        let mut random = Random::new(self.random.any());
        let composite = self.composite;
        faults.meanwhile(move |_| {
            if random.percent(8) {
                mutate(&world, &mut random, &model, composite);
            }
            if random.percent(4) {
                world.clock.advance(Duration::from_millis(300));
            }
        })
    }

    /// A process follows the stream for a while and may die.
    async fn follow(&mut self, number: u64) {
        let faults = self.faults();
        let rounds = 1 + self.random.below(8);
        let worker = format!("worker {}", number % 2);
        let work = async {
            let mut streamer = self.world.streamer(&worker, &faults).await?;
            for _ in 0..rounds {
                streamer.tick().await?;
                self.world.clock.advance(Duration::from_millis(700));
            }
            if number.is_multiple_of(3) {
                streamer.flush(&mut Tick::default()).await?;
                streamer.release().await?;
            }
            Ok(())
        };
        died_or(work.await, &faults);
    }

    async fn backfill(&mut self) {
        let faults = self.faults();
        let done = self.world.backfill("first", &faults).await;
        self.backfilled |= done.is_ok();
        died_or(done.map(|_| ()), &faults);
    }

    /// Batches come again, in any order. Segments take them even before their turn; an object's
    /// versions cannot be put in between, so that there a record's first delivery is in order.
    async fn repeat(&mut self) {
        let backup = self.world.backup().await.unwrap();
        let marks = backup.document().unwrap().capture.clone().unwrap().shards;
        let all: Vec<StreamRecord> = (0_usize..)
            .zip(self.world.table.stream_records())
            .flat_map(|(number, records)| {
                let stored = marks
                    .get(&format!("shard-{number:04}"))
                    .and_then(|shard| shard.mark.sequence.clone())
                    .unwrap_or_default();
                let any = self.world.layout == LayoutKind::Segments;
                records
                    .into_iter()
                    .filter(move |record| any || record.sequence_number <= stored)
            })
            .collect();
        let faults = self.faults();
        let start = self.random.below(u64::try_from(all.len()).unwrap() + 1);
        let start = usize::try_from(start).unwrap();
        let end = all.len().min(start + 9);
        let work = async {
            let applier = Applier::open(self.world.index(&faults)).await?;
            let mut batch = all[start..end].to_vec();
            if self.random.percent(50) {
                batch.reverse();
            }
            let outcome = applier.apply(&batch, &Marks::default()).await?;
            outcome.failed.map_or(Ok(()), |failed| Err(failed.error))
        };
        died_or(work.await, &faults);
    }

    /// Segments are merged, by a process that may die or have a rival.
    async fn compact(&mut self) {
        let faults = self.faults();
        let options = CompactOptions {
            segments: 3,
            at_once: 5,
            piece_bytes: 700,
            keep: Duration::from_secs(2),
            ..CompactOptions::default()
        };
        let index = self.world.index(&faults);
        let done = compact(&index, &options, self.world.clock.now()).await;
        died_or(done.map(|_| ()), &faults);
    }

    async fn play(&mut self) {
        if self.random.percent(60) {
            self.world.table.lag_behind(Duration::from_millis(2_500));
        }
        for _ in 0..self.random.below(6) {
            self.mutate();
        }
        self.world.clock.advance(Duration::from_secs(3));
        self.world.prepare().await.unwrap();
        let now = self.world.clock.now().as_second();
        let items = self.world.table.items();
        self.model.lock().unwrap().insert(now, items);
        for step in 0..(6 + self.random.below(10)) {
            match self.random.below(12) {
                0..=3 => {
                    for _ in 0..self.random.below(6) {
                        self.mutate();
                    }
                    let millis = self.random.below(2_500);
                    self.world.clock.advance(Duration::from_millis(millis));
                }
                4..=6 => self.follow(step).await,
                7 => self.backfill().await,
                8 => self.repeat().await,
                9 => self.world.table.reshard(),
                _ => self.compact().await,
            }
        }
        self.world.clock.advance(Duration::from_secs(2));
        if !self.backfilled {
            self.world.backfill("first", &Faults::none()).await.unwrap();
        }
        self.mutate();
        self.world.drain().await.unwrap();
    }

    /// Compares every second from the first that is complete.
    async fn check(&self, seed: u64) {
        let backup = self.world.backup().await.unwrap();
        let document = backup.document().unwrap();
        assert!(document.gaps.is_empty(), "seed {seed}: {:?}", document.gaps);
        let from = document.complete_from().expect("the backfill is done");
        let until = self.world.clock.now();
        // A second is over when the next begins.
        let times: Vec<Timestamp> = (from.as_second()..=until.as_second())
            .map(|second| Timestamp::from_second(second).unwrap())
            .collect();
        let page = backup
            .states(&times, KeyRange::all())
            .await
            .unwrap()
            .all()
            .await
            .unwrap();
        assert!(page.troubles.is_empty(), "seed {seed}: {:?}", page.troubles);
        let model = self.model.lock().unwrap();
        for (place, time) in times.iter().enumerate() {
            let restored: BTreeMap<RecordKey, Item> = page
                .records
                .iter()
                .filter_map(|record| Some((record.key.clone(), record.item(place)?.clone())))
                .collect();
            let (_, wanted) = model.range(..=time.as_second()).next_back().unwrap();
            assert_eq!(&restored, wanted, "seed {seed}, as of {time}");
        }
    }
}

fn died_or(result: Result<(), RecordsError>, faults: &Faults) {
    match result {
        Ok(()) => {}
        Err(error) if faults.has_crashed() => {
            assert!(error.to_string().contains(CRASHED), "{error}");
        }
        Err(error) if error.is_retryable() => {}
        Err(error) => panic!("{error}"),
    }
}

async fn sequences(layout: LayoutKind, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mut play = Play::new(seed, layout);
        play.play().await;
        play.check(seed).await;
    }
}

#[tokio::test]
async fn segments_restore_every_second_whatever_happened_1() {
    sequences(LayoutKind::Segments, 0..700).await;
}

#[tokio::test]
async fn segments_restore_every_second_whatever_happened_2() {
    sequences(LayoutKind::Segments, 700..1_400).await;
}

#[tokio::test]
async fn objects_restore_every_second_whatever_happened_1() {
    sequences(LayoutKind::Objects, 2_000..2_350).await;
}

#[tokio::test]
async fn objects_restore_every_second_whatever_happened_2() {
    sequences(LayoutKind::Objects, 2_350..2_700).await;
}
