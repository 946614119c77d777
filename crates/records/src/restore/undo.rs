use std::{collections::BTreeSet, sync::Arc};

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::{
    PlanCounts, PlannedAction, RestoreFilter, RestorePlan,
    plan::notes,
    store::{PlanWriter, save_plan},
};
use crate::{
    capture::same_key,
    error::RecordsError,
    ports::{Clock, SourceTable},
    scan::read_item,
    states::{Backup, KeyRange, RecordStates},
};

/// Records read from the table at a time.
const CONCURRENCY: usize = 16;

/// What to undo: what became of some records between two moments.
#[derive(Clone, Debug)]
pub struct UndoRequest {
    /// The plan's id, chosen by the caller.
    pub id: String,
    /// The last moment at which all was well.
    pub before: Timestamp,
    /// The moment by which the damage was done.
    pub after: Timestamp,
    /// The records, by key in wire form.
    pub keys: BTreeSet<String>,
}

/// Plans to give chosen records back the state that they had before, where the table still holds
/// what they became. A record that changed since is a conflict: named, and left alone.
pub async fn plan_undo(
    backup: &Backup,
    table: &Arc<dyn SourceTable>,
    clock: &Arc<dyn Clock>,
    request: &UndoRequest,
) -> Result<RestorePlan, RecordsError> {
    same_key(backup.schema(), &table.describe().await?)?;
    let index = backup.handle();
    let chosen = RestoreFilter {
        keys: Some(request.keys.clone()),
        ..RestoreFilter::default()
    };
    let filter = chosen.ready(backup.schema())?;
    let mut plan = RestorePlan {
        id: request.id.clone(),
        table: table.name().to_owned(),
        as_of: request.before,
        undoes: Some(request.after),
        made_at: clock.now(),
        filter: chosen,
        counts: PlanCounts::default(),
        pages: Vec::new(),
        digest: String::new(),
        conflicts: Vec::new(),
        troubles: Vec::new(),
        notes: Vec::new(),
    };
    let mut writer = PlanWriter::new(index, &request.id);
    let times = [request.before, request.after];
    let mut met = 0;
    let mut states = backup.states(&times, KeyRange::all()).await?;
    while let Some(page) = states.next_page().await? {
        plan.troubles.extend(page.troubles);
        let chosen: Vec<RecordStates> = page
            .records
            .into_iter()
            .filter(|record| filter.takes(&record.key, [record.item(0), record.item(1)]))
            .collect();
        met += chosen.len();
        let mut read = stream::iter(chosen)
            .map(|record| async move {
                let live = read_item(table.as_ref(), &record.key).await?;
                Ok::<_, RecordsError>((record, live))
            })
            .buffered(CONCURRENCY);
        while let Some((record, live)) = read.try_next().await? {
            let (before, after) = (record.item(0), record.item(1));
            if live.as_ref() == before {
                plan.counts.unchanged += 1;
            } else if live.as_ref() == after {
                let action = PlannedAction {
                    want: before.cloned(),
                    expect: live,
                    key: record.key,
                };
                plan.counts.count(&action);
                writer.add(action).await?;
            } else {
                plan.conflicts.push(record.key.to_string());
            }
        }
    }
    writer.close().await?;
    plan.pages = writer.pages;
    plan.digest = plan.computed_digest();
    plan.notes = notes(backup, request.before, &plan.troubles);
    let unknown = request.keys.len().saturating_sub(met);
    if unknown > 0 {
        plan.notes.push(format!(
            "{unknown} of the chosen records are not in the backup; they are left alone."
        ));
    }
    save_plan(index, &plan).await?;
    Ok(plan)
}
