use std::{
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_records::{
    capture::{Applier, Backfill, BackfillOptions, prepare},
    compact::{CompactOptions, compact},
    digest::SetDigest,
    index::{BackupPaths, IndexHandle, LayoutKind},
    ports::{Clock, ObjectStore, SourceTable},
    restore::{LoadOptions, LoadRequest, RestoreFilter, load_table},
    retry::Backoff,
    states::Backup,
};

use crate::{
    Failure,
    folder_store::FolderStore,
    made_up_table::{MadeUpTable, digest, item_text},
    report::Report,
};

/// A fifth of what dynamodb-replicator 10.1.3 needs to back up one item, in microseconds.
const CPU_BUDGET: f64 = 106.0;
const MEMORY_BUDGET: u64 = 200;

/// Backfill and restore of so many items, in a process of their own.
pub(crate) fn measure(items: u64, report: &Report) -> Result<(), Failure> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--volume", &items.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    for step in ["backfill", "merge", "restore"] {
        let micros = figures[step]["cpu_micros_per_item"].as_f64().unwrap_or(0.0);
        let wall = figures[step]["items_per_second"].as_f64().unwrap_or(0.0);
        report.row(
            &format!("{items} items, {step}: CPU per item"),
            &format!("≤ {CPU_BUDGET:.0} µs"),
            &format!("{micros:.2} µs"),
            Some(micros <= CPU_BUDGET),
        );
        report.row(
            &format!("{items} items, {step}: items per second, one thread"),
            "",
            &format!("{wall:.0} /s"),
            None,
        );
    }
    let memory = figures["peak_megabytes"].as_u64().unwrap_or(u64::MAX);
    report.row(
        &format!("{items} items, backfill, merge and restore: peak memory"),
        &format!("≤ {MEMORY_BUDGET} MB"),
        &format!("{memory} MB"),
        Some(memory <= MEMORY_BUDGET),
    );
    Ok(())
}

/// What the process of its own does: prints one line of JSON.
pub(crate) async fn child(items: u64) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("tidemark-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let figures = run(items, &folder).await;
    fs::remove_dir_all(&folder)?;
    println!("{}", figures?);
    Ok(())
}

async fn run(items: u64, folder: &std::path::Path) -> Result<serde_json::Value, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let store: Arc<dyn ObjectStore> = Arc::new(FolderStore::new(folder));
    let index = IndexHandle::new(store, BackupPaths::new("", "bench"));
    let table = Arc::new(MadeUpTable::new(items));
    prepare(&index, table.as_ref(), LayoutKind::Segments, clock.now()).await?;

    let (source, applier) = (table.clone(), Applier::open(index.clone()).await?);
    let options = BackfillOptions::default();
    let step = Step::begin();
    Backfill::new(source, clock.clone(), applier, options, "bench")
        .run()
        .await?;
    let backfill = step.end(items)?;

    let step = Step::begin();
    let options = CompactOptions {
        segments: 2,
        ..CompactOptions::default()
    };
    while compact(&index, &options, clock.now()).await?.segments > 0 {}
    let merge = step.end(items)?;

    let target = Arc::new(MadeUpTable::new(0));
    let backup = Backup::open(index.clone()).await?;
    let request = LoadRequest {
        id: "bench".to_owned(),
        like: table.describe().await?,
        as_of: clock.now(),
        filter: RestoreFilter::default(),
    };
    let port: Arc<dyn SourceTable> = target.clone();
    let step = Step::begin();
    let backoff = Backoff::new(clock.clone());
    let options = LoadOptions::default();
    load_table(&backup, &port, &request, &options, &backoff, |_| ()).await?;
    let restore = step.end(items)?;

    let mut wanted = SetDigest::default();
    for number in 0..items {
        wanted.add(&digest(item_text(number))?);
    }
    if target.written() != wanted {
        return Err("what was restored is not what was backed up".into());
    }
    Ok(serde_json::json!({
        "backfill": backfill, "merge": merge, "restore": restore,
        "peak_megabytes": peak_kilobytes()? / 1_024,
    }))
}

struct Step {
    begin: Instant,
    cpu: u64,
}

impl Step {
    fn begin() -> Self {
        Self {
            begin: Instant::now(),
            cpu: cpu_ticks().unwrap_or_default(),
        }
    }

    fn end(&self, items: u64) -> Result<serde_json::Value, Failure> {
        // Linux counts in hundredths of a second.
        let cpu = (cpu_ticks()? - self.cpu) as f64 * 10_000.0;
        Ok(serde_json::json!({
            "cpu_micros_per_item": cpu / items as f64,
            "items_per_second": items as f64 / self.begin.elapsed().as_secs_f64(),
        }))
    }
}

/// Processor time of this process so far, in and for it.
fn cpu_ticks() -> Result<u64, Failure> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit_once(')').ok_or("no name in stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let user: u64 = fields.get(11).ok_or("no user time")?.parse()?;
    let system: u64 = fields.get(12).ok_or("no system time")?.parse()?;
    Ok(user + system)
}

/// The most memory that this process has had.
fn peak_kilobytes() -> Result<u64, Failure> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
