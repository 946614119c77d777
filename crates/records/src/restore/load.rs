use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    RestoreFilter,
    store::{read, write},
};
use crate::{
    error::{RecordsError, Trouble},
    index::{IndexHandle, SnapshotEntry},
    ports::{
        ImportRequest, ImportState, MADE_FOR, PortError, PortErrorKind, SourceTable,
        TableDescription, TableWrite,
    },
    retry::Backoff,
    states::Backup,
};

/// For so long the table is written into until it is looked whether it is still the one that was made.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// Records of one `BatchWriteItem`.
const BATCH: usize = 25;
/// Data files that `ImportTable` takes at most.
const MAX_IMPORT_FILES: u64 = 50_000;
/// How often in a row records are sent of which none is taken. Then the work pauses as a whole, and
/// goes on later.
const FRUITLESS_SENDS: u32 = 10;

/// How to fill a new table.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// Batches written at a time.
    pub concurrency: usize,
    /// Write capacity used per second at most, in thousandths of a unit; none for no limit.
    pub capacity_milli_per_second: Option<u64>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            concurrency: 8,
            capacity_milli_per_second: None,
        }
    }
}

/// What to fill a new table with.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// Names the work: with the same id, it goes on where it was stopped.
    pub id: String,
    /// The table is created like this one.
    pub like: TableDescription,
    /// The moment whose state it gets.
    pub as_of: Timestamp,
    /// Which records.
    pub filter: RestoreFilter,
}

/// How far a new table is filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadState {
    /// The table is there, and made for this: it carried the mark with which it was asked for.
    #[serde(default)]
    pub created: bool,
    /// When AWS made it: another table of that name has another time. Not known of one that was made
    /// by an older version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Where the last page of the backup that is done ends.
    pub cursor: Option<String>,
    /// Records written.
    pub written: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Capacity used, in thousandths of a unit.
    pub capacity_milli: u64,
    /// Parts of the backup that could not be read: their records are missing.
    pub troubles: Vec<Trouble>,
    /// All done.
    pub done: bool,
}

/// How a new table is best filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By AWS's import of this snapshot.
    Import(SnapshotEntry),
    /// By writing the records.
    Write,
}

/// Import, where there is a snapshot of exactly that moment and nothing is left out.
pub fn choose_way(snapshots: &[SnapshotEntry], as_of: Timestamp, filter: &RestoreFilter) -> Way {
    let fits = |snapshot: &&SnapshotEntry| {
        snapshot.as_of == as_of && snapshot.items > 0 && snapshot.files <= MAX_IMPORT_FILES
    };
    match snapshots.iter().find(fits) {
        Some(snapshot) if filter.is_all() => Way::Import(snapshot.clone()),
        _ => Way::Write,
    }
}

/// Creates the table by AWS's import of a snapshot and waits until that is done. Answers the
/// records imported.
pub async fn import_snapshot(
    index: &IndexHandle,
    table: &dyn SourceTable,
    like: &TableDescription,
    snapshot: &SnapshotEntry,
    token: &str,
    backoff: &Backoff,
) -> Result<u64, RecordsError> {
    let request = ImportRequest {
        bucket: index.store().bucket().to_owned(),
        prefix: format!("{}data/", snapshot.prefix),
        like: like.clone(),
        token: token.to_owned(),
    };
    let import = table.import(&request).await?;
    let mut looks = 0;
    loop {
        match table.import_state(&import).await? {
            ImportState::Running { .. } => {
                looks += 1;
                backoff.pause(looks).await;
            }
            ImportState::Completed { imported, failed } => {
                if failed > 0 || imported != snapshot.items {
                    return Err(RecordsError::refused(format!(
                        "the import {import} brought {imported} of {} records, and {failed} failed",
                        snapshot.items
                    )));
                }
                return Ok(imported);
            }
            ImportState::Failed { message } => {
                return Err(RecordsError::refused(format!(
                    "the import {import} failed: {message}"
                )));
            }
        }
    }
}

/// Creates a table like the one backed up and fills it with the records as of a moment.
pub async fn load_table(
    backup: &Backup,
    table: &Arc<dyn SourceTable>,
    request: &LoadRequest,
    options: &LoadOptions,
    backoff: &Backoff,
    mut progress: impl FnMut(&LoadState) + Send,
) -> Result<LoadState, RecordsError> {
    let index = backup.handle();
    let name = state_of(index, &request.id, table.name());
    let mut state = made(index, table.as_ref(), &name, request).await?;
    let filter = request.filter.ready(backup.schema())?;
    let mut states = backup
        .states(&[request.as_of], filter.range.clone())
        .await?;
    if let Some(cursor) = &state.cursor {
        states.resume(cursor);
    }
    let mut looked_at = backoff.clock().now();
    while let Some(page) = states.next_page().await? {
        if backoff.clock().now().duration_since(looked_at) >= LOOK_AGAIN {
            check_same(table.as_ref(), &state).await?;
            looked_at = backoff.clock().now();
        }
        state.troubles.extend(page.troubles);
        let mut writes = Vec::new();
        for record in &page.records {
            if let Some(item) = record.item(0)
                && filter.takes(&record.key, [Some(item), None])
            {
                state.bytes += u64::try_from(item.bytes().len()).unwrap_or(0);
                writes.push(TableWrite::Put(item.bytes().clone()));
            }
        }
        state.written += u64::try_from(writes.len()).unwrap_or(0);
        let batches: Vec<Vec<TableWrite>> = writes.chunks(BATCH).map(<[_]>::to_vec).collect();
        let used: Vec<u64> = stream::iter(batches)
            .map(|batch| send(table.as_ref(), batch, backoff))
            .buffer_unordered(options.concurrency.max(1))
            .try_collect()
            .await?;
        let used: u64 = used.iter().sum();
        state.capacity_milli += used;
        state.cursor = page.cursor.or(state.cursor);
        write(index, &name, &state).await?;
        progress(&state);
        if let Some(limit) = options.capacity_milli_per_second {
            let millis = used.saturating_mul(1_000) / limit.max(1);
            let pause = std::time::Duration::from_millis(millis);
            backoff.clock().pause(pause).await;
        }
    }
    check_same(table.as_ref(), &state).await?;
    state.done = true;
    write(index, &name, &state).await?;
    progress(&state);
    Ok(state)
}

/// Whether the table that is there now is the one that this work had made.
pub async fn load_owns(
    index: &IndexHandle,
    id: &str,
    table: &dyn SourceTable,
) -> Result<bool, RecordsError> {
    let Some(state) = load_begun(index, id, table.name()).await? else {
        return Ok(false);
    };
    match table.describe().await {
        // Asked for, and the answer was lost: its mark tells.
        Ok(described) if !state.created => Ok(is_made_for(&described, id)),
        Ok(described) => Ok(is_same(&described, &state)),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Refuses to go on with a table that somebody else has made in the place of this work's own.
async fn check_same(
    table: &dyn SourceTable,
    state: &LoadState,
) -> Result<TableDescription, RecordsError> {
    match table.describe().await {
        Ok(described) if is_same(&described, state) => Ok(described),
        Ok(_) => Err(RecordsError::refused(format!(
            "the table {} was replaced by another of the same name, which stays as it is",
            table.name()
        ))),
        Err(error) if error.kind == PortErrorKind::NotFound => Err(RecordsError::refused(format!(
            "the table {} is gone: somebody deleted it",
            table.name()
        ))),
        Err(error) => Err(error.into()),
    }
}

fn is_same(table: &TableDescription, state: &LoadState) -> bool {
    state.created_at.is_none() || table.created_at == state.created_at
}

/// How far this work is; none before it began, and then nothing of it is in the table.
async fn load_begun(
    index: &IndexHandle,
    id: &str,
    table: &str,
) -> Result<Option<LoadState>, RecordsError> {
    read(index, &state_of(index, id, table)).await
}

fn state_of(index: &IndexHandle, id: &str, table: &str) -> String {
    format!("{}load-{table}.json", index.paths().restore(id))
}

/// The table, made by this work and by nobody else. It is written down before that it will be asked
/// for, and it is asked for with the work's mark, so that who goes on after an interruption knows it
/// for its own, and takes no other for it.
async fn made(
    index: &IndexHandle,
    table: &dyn SourceTable,
    state_name: &str,
    request: &LoadRequest,
) -> Result<LoadState, RecordsError> {
    let begun: Option<LoadState> = read(index, state_name).await?;
    let mut state = match begun {
        Some(state) if state.created => {
            let described = check_same(table, &state).await?;
            // Whoever wrote down that the table is there may not have come further.
            if is_made_for(&described, &request.id) {
                let _ = table.forget_mark().await;
            }
            return Ok(state);
        }
        Some(state) => state,
        None => {
            match table.describe().await {
                Err(error) if error.kind == PortErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
                Ok(_) => return Err(taken(table)),
            }
            let state = LoadState::default();
            write(index, state_name, &state).await?;
            state
        }
    };
    match table.create(&request.like, &request.id).await {
        Ok(()) => {}
        // Made by the attempt before, whose answer was lost; or by others in this moment.
        Err(error) if error.kind == PortErrorKind::Conflict => {
            table.wait_until_active().await?;
            if !is_made_for(&table.describe().await?, &request.id) {
                return Err(taken(table));
            }
        }
        Err(error) => return Err(error.into()),
    }
    state.created = true;
    state.created_at = table.describe().await?.created_at;
    write(index, state_name, &state).await?;
    // It did its work; whether it goes or stays changes nothing.
    let _ = table.forget_mark().await;
    Ok(state)
}

/// Whether a table was made for this work.
fn is_made_for(table: &TableDescription, id: &str) -> bool {
    table
        .settings
        .tags
        .get(MADE_FOR)
        .is_some_and(|mark| mark == id)
}

fn taken(table: &dyn SourceTable) -> RecordsError {
    RecordsError::refused(format!(
        "there is a table {} already, which this restore did not make: plan a restore into it instead",
        table.name()
    ))
}

/// Sends a batch until nothing of it comes back. A table that takes nothing for a while is
/// throttled: that passes.
async fn send(
    table: &dyn SourceTable,
    mut batch: Vec<TableWrite>,
    backoff: &Backoff,
) -> Result<u64, RecordsError> {
    let mut used = 0;
    let mut fruitless = 0;
    loop {
        let written = table.batch_write(&batch).await?;
        used += written.capacity_milli;
        if written.unprocessed.is_empty() {
            return Ok(used);
        }
        let taken = written.unprocessed.len() < batch.len();
        fruitless = if taken { 1 } else { fruitless + 1 };
        batch = written.unprocessed;
        if fruitless >= FRUITLESS_SENDS {
            let what = format!(
                "the table takes no more at present: {} records came back unprocessed {fruitless} times",
                batch.len()
            );
            let operation = "dynamodb:BatchWriteItem";
            let error = PortError::new(PortErrorKind::Throttled, operation, table.name(), what);
            return Err(error.into());
        }
        backoff.pause(fruitless).await;
    }
}
