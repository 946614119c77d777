use std::{collections::BTreeSet, sync::Arc};

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
    states::{Backup, KeyRange},
};

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
    let mut states = backup.states(&times, KeyRange::all()).await?;
    while let Some(page) = states.next_page().await? {
        plan.troubles.extend(page.troubles);
        for record in page.records {
            let (before, after) = (record.item(0), record.item(1));
            if !filter.takes(&record.key, [before, after]) {
                continue;
            }
            let live = read_item(table.as_ref(), &record.key).await?;
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
    save_plan(index, &plan).await?;
    Ok(plan)
}
