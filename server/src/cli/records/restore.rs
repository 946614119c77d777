use std::{collections::BTreeSet, fmt::Write as _};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;
use tidemark_records::{
    RecordsError,
    index::SnapshotEntry,
    ports::{PortErrorKind, TableDescription},
    restore::{
        ApplyOptions, LoadOptions, LoadRequest, LoadState, RestoreFilter, RestorePlan,
        RestorePlanRequest, Way, apply_restore, choose_way, import_snapshot, load_plan, load_table,
        plan_restore,
    },
    scan::ScanOptions,
    snapshot::{SnapshotOptions, write_snapshot},
    states::Backup,
};

use super::{
    place::{Opened, Place},
    progress::{Progress, units},
    shown, source,
};
use crate::cli::{CliError, Global, Outcome};

/// Pauses are as long as after so many attempts, and longer each time.
const BUSY: u32 = 6;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records restore --bucket my-backups --prefix records --table orders \\\n    --target orders-restored --as-of 2026-11-20T09:59:59Z\n\nInto a table that is there, the plan is shown first; --apply carries it out."
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Table that gets the records: made when it is missing
    #[arg(long, value_name = "TABLE")]
    target: String,
    /// The moment whose state comes back; now by default
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// Just one partition: the partition key's value in `DynamoDB`'s own JSON
    #[arg(long, value_name = "JSON")]
    partition: Option<String>,
    /// Just this record, by its key in `DynamoDB`'s own JSON; may be given several times
    #[arg(long = "key", value_name = "JSON")]
    keys: Vec<String>,
    /// Existing table: delete records that were not there then
    #[arg(long)]
    delete_others: bool,
    /// Existing table: carry the plan out
    #[arg(long)]
    apply: bool,
    /// Existing table: carry out this plan, exactly as it was shown
    #[arg(long, value_name = "ID", requires = "apply")]
    plan: Option<String>,
    /// New table: how it is filled
    #[arg(long, value_enum, default_value_t = By::Auto)]
    by: By,
    /// New table: leave its settings (stream, TTL, recovery, tags) as AWS makes them
    #[arg(long)]
    no_settings: bool,
    /// Write capacity units used per second at most
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u64).range(1..))]
    capacity: Option<u64>,
    /// Key of an older backup whose table is gone, for example tenant:S,number:N
    #[arg(long, value_name = "NAME:TYPE")]
    key_schema: Option<String>,
}

/// How a new table is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// By AWS's import where there is a snapshot of that moment, by writing elsewhere
    Auto,
    /// By AWS's import; the snapshot is written first where it is missing
    Import,
    /// By writing the records
    Write,
}

/// Restores into a new table, or plans and applies into an existing one.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let opened = options.place.open().await?;
    let backup = source::open(&opened, options.key_schema.as_deref()).await?;
    // Checked before anything is made.
    source::range(backup.schema(), options.partition.as_deref())?;
    let filter = RestoreFilter {
        partition: options.partition.clone(),
        keys: (!options.keys.is_empty())
            .then(|| options.keys.iter().cloned().collect::<BTreeSet<_>>()),
        predicate: None,
    };
    if opened.describe(&options.target).await?.is_some() {
        return existing(global, options, &opened, &backup, filter).await;
    }
    if options.plan.is_some() || options.delete_others {
        return Err(CliError::Usage(format!(
            "there is no table {} yet: --plan and --delete-others are for an existing one",
            options.target
        )));
    }
    Box::pin(new(global, options, &opened, &backup, filter)).await
}

async fn new(
    global: &Global,
    options: &Options,
    opened: &Opened,
    backup: &Backup,
    filter: RestoreFilter,
) -> Result<Outcome, CliError> {
    let as_of = options.as_of.unwrap_or_else(|| opened.now());
    let like = source::like(opened, backup).await?;
    let has_local_index = like.indexes.iter().any(|index| !index.global);
    let outcome = match way(options, opened, backup, as_of, &filter).await? {
        Way::Import(snapshot) if !has_local_index || options.by == By::Import => {
            by_import(global, options, opened, &like, &snapshot).await?
        }
        _ => by_writing(global, options, opened, backup, &like, as_of, filter).await?,
    };
    if !options.no_settings {
        let settings = &like.settings;
        opened
            .bare_table(&options.target)
            .put_settings(settings)
            .await
            .map_err(tidemark_records::RecordsError::from)?;
    }
    Ok(outcome)
}

async fn way(
    options: &Options,
    opened: &Opened,
    backup: &Backup,
    as_of: Timestamp,
    filter: &RestoreFilter,
) -> Result<Way, CliError> {
    let snapshots = backup
        .document()
        .map(|document| document.snapshots.clone())
        .unwrap_or_default();
    let way = choose_way(&snapshots, as_of, filter);
    match (options.by, way) {
        (By::Write, _) => Ok(Way::Write),
        (By::Auto, way) => Ok(way),
        (By::Import, Way::Import(snapshot)) => Ok(Way::Import(snapshot)),
        (By::Import, Way::Write) if !filter.is_all() => Err(CliError::Usage(
            "an import brings back all records: leave out --partition and --key".to_owned(),
        )),
        (By::Import, Way::Write) if backup.document().is_none() => Err(CliError::Usage(
            "a snapshot of an older backup needs an index: make one with tidemark records import"
                .to_owned(),
        )),
        (By::Import, Way::Write) => {
            let now = opened.now();
            let written =
                write_snapshot(&opened.index, as_of, &SnapshotOptions::default(), now).await?;
            Ok(Way::Import(written))
        }
    }
}

async fn by_import(
    global: &Global,
    options: &Options,
    opened: &Opened,
    like: &TableDescription,
    snapshot: &SnapshotEntry,
) -> Result<Outcome, CliError> {
    let output = global.output();
    let progress = Progress::new(output, "Import", None);
    let table = opened.table(&options.target);
    // One and the same import, however often this is called.
    let token = format!("{:.60}-{}", options.target, snapshot.id);
    let imported = import_snapshot(
        &opened.index,
        table.as_ref(),
        like,
        snapshot,
        &token,
        &opened.backoff(),
    )
    .await;
    progress.end();
    let imported = imported?;
    let report = json!({
        "table": options.target, "by": "import", "as_of": snapshot.as_of, "items": imported,
    });
    output.text(&report, |_| {
        format!(
            "{imported} records as of {} are in the new table {}.",
            snapshot.as_of, options.target
        )
    })?;
    Ok(Outcome::Done)
}

async fn by_writing(
    global: &Global,
    options: &Options,
    opened: &Opened,
    backup: &Backup,
    like: &TableDescription,
    as_of: Timestamp,
    filter: RestoreFilter,
) -> Result<Outcome, CliError> {
    let output = global.output();
    let expected = filter.is_all().then_some(like.item_count).flatten();
    let progress = Progress::new(output, "Restore", expected);
    let request = LoadRequest {
        id: format!("cli-{}", opened.now().as_millisecond()),
        like: like.clone(),
        as_of,
        filter,
    };
    let settings = LoadOptions {
        capacity_milli_per_second: options.capacity.map(|units| units.saturating_mul(1_000)),
        ..LoadOptions::default()
    };
    let table = opened.table(&options.target);
    let backoff = opened.backoff();
    let mut pauses = 0;
    let loaded = loop {
        let show = |state: &LoadState| {
            progress.show(state.written, Some(state.bytes), Some(state.capacity_milli));
        };
        let loaded = load_table(backup, &table, &request, &settings, &backoff, show).await;
        match loaded {
            // A table that takes nothing for a while: it goes on where it was.
            Err(RecordsError::Port(error)) if error.kind == PortErrorKind::Throttled => {
                pauses += 1;
                backoff.pause(BUSY + pauses).await;
            }
            loaded => break loaded,
        }
    };
    progress.end();
    let state = loaded?;
    let report = json!({
        "table": options.target, "by": "write", "as_of": as_of, "items": state.written,
        "bytes": state.bytes, "capacity_units": units(state.capacity_milli),
        "troubles": state.troubles,
    });
    output.text(&report, |_| {
        format!(
            "{} records as of {as_of} are in the new table {}, with {} write capacity units.{}",
            state.written,
            options.target,
            units(state.capacity_milli),
            shown::troubles(&state.troubles)
        )
    })?;
    Ok(if state.troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

async fn existing(
    global: &Global,
    options: &Options,
    opened: &Opened,
    backup: &Backup,
    filter: RestoreFilter,
) -> Result<Outcome, CliError> {
    let output = global.output();
    let table = opened.table(&options.target);
    let progress = Progress::new(output, "Planning", None);
    let plan = if let Some(id) = &options.plan {
        load_plan(&opened.index, id).await
    } else {
        let request = RestorePlanRequest {
            id: uuid::Uuid::new_v4().to_string(),
            as_of: options.as_of.unwrap_or_else(|| opened.now()),
            filter,
            delete_others: options.delete_others,
            scan: ScanOptions::default(),
        };
        plan_restore(backup, &table, &opened.clock, &request).await
    };
    progress.end();
    let plan = plan?;
    if !options.apply {
        output.text(&json!({"plan": plan}), |_| {
            format!(
                "{}\nNothing is changed yet. Carry it out: tidemark records restore {} --target {} --apply --plan {}",
                text(&plan),
                options.place.words(),
                options.target,
                plan.id
            )
        })?;
        return Ok(Outcome::Done);
    }
    let progress = Progress::new(output, "Restore", Some(plan.counts.actions()));
    let applied = apply_restore(
        &opened.index,
        &table,
        &plan,
        &ApplyOptions::default(),
        |state| {
            let changed = u64::try_from(state.changed.len()).unwrap_or(0);
            let done = state.created + state.overwritten + state.deleted + state.already + changed;
            progress.show(done, None, None);
        },
    )
    .await;
    progress.end();
    let state = applied?;
    output.text(&json!({"plan": plan, "state": state}), |_| {
        let mut said = format!(
            "{} records created, {} overwritten, {} deleted, {} were so already.",
            state.created, state.overwritten, state.deleted, state.already
        );
        if !state.changed.is_empty() {
            let _ = write!(
                said,
                "\n{} changed since the plan was made, and are left as they are:",
                state.changed.len()
            );
            for changed in state.changed.iter().take(50) {
                said.push_str("\n  ");
                said.push_str(&changed.key);
            }
        }
        said + &shown::troubles(&plan.troubles)
    })?;
    Ok(if state.changed.is_empty() && plan.troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn text(plan: &RestorePlan) -> String {
    let counts = plan.counts;
    let mut text = format!(
        "Plan {} for {} as of {}: create {}, overwrite {}, delete {}; {} are unchanged, {} more are kept.",
        plan.id,
        plan.table,
        plan.as_of,
        counts.create,
        counts.overwrite,
        counts.delete,
        counts.unchanged,
        counts.kept
    );
    for note in &plan.notes {
        text.push('\n');
        text.push_str(note);
    }
    text + &shown::troubles(&plan.troubles)
}
