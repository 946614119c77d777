use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_records::{
    Trouble,
    capture::Applier,
    diff::large_numbers,
    import::{
        ConvertOptions, Detected, ExportTime, Found, LinesImport, convert, detect, export_time,
        import_export, import_lines, read_manifests,
    },
    index::{BackupPaths, IndexDocument, IndexHandle, LayoutKind},
    ports::{GetObject, PortErrorKind},
    states::{Backup, KeyRange},
};

use super::{
    place::{Opened, Place},
    progress::Progress,
    shown, source,
};
use crate::cli::{CliError, Global, Outcome};

/// Records with numbers that cannot be trusted that are named.
const NAMED: usize = 20;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records import --bucket old-backups --prefix replicator --table orders --dry-run\n  tidemark records import --bucket old-backups --prefix replicator --table orders --to-prefix records\n  tidemark records import --bucket exports --table orders --export nightly/AWSDynamoDB/01234567890123-a1b2c3d4/"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Only say what is there
    #[arg(long)]
    dry_run: bool,
    /// Leave the objects as they are and add an index, so that they can be read and captured into
    #[arg(long, conflicts_with_all = ["to_prefix", "lines"])]
    in_place: bool,
    /// Where the converted backup goes; beside the old one by default
    #[arg(long, value_name = "PREFIX")]
    to_prefix: Option<String>,
    /// Compressed lines to read, by the beginning of their names: a snapshot or a table dump; may be given several times
    #[arg(long, value_name = "NAME")]
    lines: Vec<String>,
    /// An export of DynamoDB, full or incremental, by its folder (…/AWSDynamoDB/ID/): its manifest says at which moment
    /// its records count, how many there are and their checksums
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["lines", "as_of", "in_place"])]
    export: Option<String>,
    /// The moment whose state the lines are; when each was stored by default, which a backup that holds changes already
    /// does not take
    #[arg(long, value_name = "TIME", requires = "lines")]
    as_of: Option<Timestamp>,
    /// Key where the table is gone, for example tenant:S,number:N
    #[arg(long, value_name = "NAME:TYPE")]
    key_schema: Option<String>,
}

/// Finds backups of the older tool, and converts them or adds an index.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    let opened = options.place.open().await?;
    let detected = detect(&opened.store, &opened.prefix, &opened.table_name).await?;
    if options.dry_run {
        output.text(&shown_detected(&detected), |_| said_detected(&detected))?;
        return Ok(Outcome::Done);
    }
    let has_objects = detected
        .found
        .iter()
        .any(|found| matches!(found, Found::Objects { .. }));
    let export = match &options.export {
        Some(folder) => Some(format!("{}/", folder.trim_matches('/'))),
        None => of_export(&opened, options).await?,
    };
    if options.lines.is_empty() && export.is_none() && !has_objects {
        return Err(CliError::Usage(format!(
            "there is no backup of one object per record at that place; what lies there can be given by --export or \
             --lines: {}",
            said_detected(&detected)
        )));
    }
    let layout = if options.in_place {
        LayoutKind::Objects
    } else {
        LayoutKind::Segments
    };
    let index = index(&opened, options, layout).await?;
    if options.in_place {
        let document = index.load().await?;
        output.text(
            &json!({"index": index.paths().index(), "layout": document.layout}),
            |_| format!("The backup is read in place by {}", index.paths().index()),
        )?;
        return Ok(Outcome::Done);
    }
    if export.is_none() && !options.lines.is_empty() && options.as_of.is_none() {
        check_is_empty(&index).await?;
    }
    let applier = Applier::open(index.clone()).await?;
    let progress = Progress::new(output, "Import", None);
    let read = read(&opened, options, export.as_deref(), &applier, &progress).await?;
    let untrusted = untrusted(&index).await?;
    progress.end();
    let report = json!({
        "index": index.paths().index(),
        "records": read.records,
        "versions": read.versions,
        "foreign": read.foreign,
        "deleted_before_capture": read.deleted,
        "export": read.time.map(said_time),
        "untrusted_numbers": {"records": untrusted.0, "keys": untrusted.1},
        "troubles": read.troubles,
    });
    output.text(&report, |_| {
        said(&read, untrusted.0) + &shown::troubles(&read.troubles)
    })?;
    Ok(if read.troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

/// What was read.
struct Read {
    records: u64,
    versions: u64,
    foreign: u64,
    deleted: u64,
    time: Option<ExportTime>,
    troubles: Vec<Trouble>,
}

impl From<LinesImport> for Read {
    fn from(import: LinesImport) -> Self {
        Self {
            records: import.records,
            versions: import.records,
            foreign: 0,
            deleted: import.deleted,
            time: None,
            troubles: import.troubles,
        }
    }
}

async fn read(
    opened: &Opened,
    options: &Options,
    export: Option<&str>,
    to: &Applier,
    progress: &Progress,
) -> Result<Read, CliError> {
    if let Some(folder) = export {
        let (summary, _) = read_manifests(&opened.store, folder).await?;
        let time = Some(export_time(&summary, folder)?);
        let import = import_export(&opened.store, folder, to).await?;
        return Ok(Read {
            time,
            ..import.into()
        });
    }
    if !options.lines.is_empty() {
        let names = names(opened, &options.lines).await?;
        let import = import_lines(&opened.store, &names, options.as_of, to).await?;
        return Ok(import.into());
    }
    let from = BackupPaths::new(&opened.prefix, &opened.table_name);
    let settings = ConvertOptions::default();
    let converted = convert(&opened.store, &from, to, &settings, |state| {
        progress.show(state.records, None, None);
    })
    .await?;
    Ok(Read {
        records: converted.records,
        versions: converted.versions,
        foreign: converted.foreign,
        deleted: converted.deleted,
        time: None,
        troubles: converted.troubles,
    })
}

/// What was read, in words.
fn said(read: &Read, untrusted: u64) -> String {
    let mut text = format!(
        "{} records in {} versions are stored; {} objects are no records.",
        read.records, read.versions, read.foreign
    );
    match read.time {
        Some(ExportTime::Full(at)) => {
            let _ = write!(
                text,
                "\nThey count as of {at}, by the manifest of the export."
            );
        }
        Some(ExportTime::Incremental(from, until)) => {
            let _ = write!(
                text,
                "\nEach counts from when it was written, between {from} and {until}; what a record was in between is not in an incremental export."
            );
        }
        None => {}
    }
    if read.deleted > 0 {
        let _ = write!(
            text,
            "\n{} of them were gone when the table was captured first, and count as deleted since then.",
            read.deleted
        );
    }
    if untrusted > 0 {
        let _ = write!(
            text,
            "\n{untrusted} records hold numbers beyond 2^53, which the older tool may have rounded; tidemark records verify compares them with the table."
        );
    }
    text
}

/// The folder of the export whose data the lines are; none where they are not of an export, or the moment is given.
async fn of_export(opened: &Opened, options: &Options) -> Result<Option<String>, CliError> {
    const MARK: &str = "AWSDynamoDB/";
    let [start] = options.lines.as_slice() else {
        return Ok(None);
    };
    let (Some(at), None) = (start.find(MARK), options.as_of) else {
        return Ok(None);
    };
    let (before, rest) = start.split_at(at + MARK.len());
    let id = rest.split('/').next().unwrap_or_default();
    if id == "data" {
        return Err(CliError::Usage(
            "these are data of incremental exports: give one export's folder by --export, whose manifest names its files"
                .to_owned(),
        ));
    }
    let folder = format!("{before}{id}/");
    let manifest = GetObject::new(format!("{folder}manifest-summary.json"));
    match opened.store.get(&manifest).await {
        Ok(_) => Ok(Some(folder)),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
        Err(error) => Err(tidemark_records::RecordsError::from(error).into()),
    }
}

/// Lines that say no moment would count from when they were stored, and hide what was captured before that.
async fn check_is_empty(index: &IndexHandle) -> Result<(), CliError> {
    let document = index.load().await?;
    if document.segments.is_empty() && document.runs.is_empty() {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{} holds changes already, and the lines do not say at which moment they count: give --as-of TIME, or an export's \
         folder by --export",
        index.paths().index()
    )))
}

fn said_time(time: ExportTime) -> Value {
    match time {
        ExportTime::Full(as_of) => json!({"type": "full", "as_of": as_of}),
        ExportTime::Incremental(from, until) => {
            json!({"type": "incremental", "from": from, "until": until})
        }
    }
}

/// The index of the new backup, made where it is missing.
async fn index(
    opened: &Opened,
    options: &Options,
    layout: LayoutKind,
) -> Result<IndexHandle, CliError> {
    let prefix = options.to_prefix.as_ref().unwrap_or(&opened.prefix);
    let paths = BackupPaths::new(prefix, &opened.table_name);
    let index = IndexHandle::new(opened.store.clone(), paths);
    if let Some(found) = index.find().await? {
        if found.layout != layout {
            return Err(CliError::Usage(format!(
                "{} is of another layout already: choose another --to-prefix",
                index.paths().index()
            )));
        }
        return Ok(index);
    }
    let schema = source::schema(opened, options.key_schema.as_deref()).await?;
    let live = opened.describe(&opened.table_name).await?;
    let table = live
        .filter(|table| table.key_schema == schema)
        .unwrap_or_else(|| source::plain(&opened.table_name, &schema));
    index.create(IndexDocument::new(layout, table)).await?;
    Ok(index)
}

async fn names(opened: &Opened, starts: &[String]) -> Result<Vec<String>, CliError> {
    let mut names = Vec::new();
    for start in starts {
        let mut after: Option<String> = None;
        loop {
            let page = opened
                .store
                .list(start, after.as_deref())
                .await
                .map_err(tidemark_records::RecordsError::from)?;
            // Manifests of an export are no lines of records.
            names.extend(
                page.objects
                    .into_iter()
                    .map(|object| object.name)
                    .filter(|name| !name.contains("/manifest-") && !name.ends_with("_started")),
            );
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    if names.is_empty() {
        return Err(CliError::Usage("no object has such a name".to_owned()));
    }
    Ok(names)
}

/// How many records hold numbers that JavaScript cannot keep, and the keys of some.
async fn untrusted(index: &IndexHandle) -> Result<(u64, Vec<Value>), CliError> {
    let backup = Backup::open(index.clone()).await?;
    let mut states = backup.states(&[Timestamp::MAX], KeyRange::all()).await?;
    let (mut records, mut keys) = (0, Vec::new());
    while let Some(page) = states.next_page().await? {
        for record in &page.records {
            if record
                .item(0)
                .is_some_and(|item| !large_numbers(item).is_empty())
            {
                records += 1;
                if keys.len() < NAMED {
                    keys.push(shown::key(record.key.as_str()));
                }
            }
        }
    }
    Ok((records, keys))
}

fn shown_detected(detected: &Detected) -> Value {
    let found: Vec<Value> = detected
        .found
        .iter()
        .map(|found| match found {
            Found::Indexed { layout } => json!({"kind": "indexed", "layout": layout}),
            Found::Objects { sha256, md5, key } => json!({
                "kind": "objects", "sha256": sha256, "md5": md5,
                "key_schema": key.as_ref().map(|key| source::said(&key.schema)),
                "roles_unknown": key.as_ref().map(|key| key.roles_unknown),
            }),
            Found::Export { folder } => json!({"kind": "export", "folder": folder}),
            Found::Dump { folder, segments } => {
                json!({"kind": "dump", "folder": folder, "segments": segments})
            }
            Found::Snapshot { object } => json!({"kind": "snapshot", "object": object}),
        })
        .collect();
    json!({"found": found, "foreign": detected.foreign, "sampled": detected.sampled})
}

fn said_detected(detected: &Detected) -> String {
    let mut lines: Vec<String> = detected
        .found
        .iter()
        .map(|found| match found {
            Found::Indexed { layout } => format!("A backup of ours, layout {layout:?}"),
            Found::Objects { sha256, md5, key } => format!(
                "One object per record: {md5} named by MD5, {sha256} by SHA-256; key {}",
                key.as_ref()
                    .map_or_else(|| "unknown".to_owned(), |key| source::said(&key.schema))
            ),
            Found::Export { folder } => format!("An export of DynamoDB: {folder}"),
            Found::Dump { folder, segments } => {
                format!("A table dump of {segments} segments: {folder}")
            }
            Found::Snapshot { object } => format!("A snapshot: {object}"),
        })
        .collect();
    if lines.is_empty() {
        lines.push("No backup was found".to_owned());
    }
    for foreign in &detected.foreign {
        lines.push(format!("No record: {foreign}"));
    }
    if detected.sampled {
        lines.push("There are more objects than were looked at".to_owned());
    }
    lines.join("\n")
}
