use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{
    PlannedAction, RestorePlan,
    store::{load_plan_page, load_state, save_state},
};
use crate::{
    error::RecordsError,
    index::IndexHandle,
    ports::{Expected, PortErrorKind, SourceTable},
    scan::read_item,
    wire::Item,
};

/// How to apply.
#[derive(Clone, Debug)]
pub struct ApplyOptions {
    /// Records written at a time.
    pub concurrency: usize,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self { concurrency: 16 }
    }
}

/// How far a plan is applied, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreState {
    /// Pages done.
    pub pages_done: u64,
    /// Records created.
    pub created: u64,
    /// Records overwritten.
    pub overwritten: u64,
    /// Records deleted.
    pub deleted: u64,
    /// Records that were already as they shall be, for example since an earlier attempt.
    pub already: u64,
    /// Records that changed since the plan was made: left as they are.
    pub changed: Vec<ChangedMeanwhile>,
}

/// A record that changed between plan and restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedMeanwhile {
    /// Its key.
    pub key: String,
    /// What the table holds now, in wire form; none where it is gone.
    pub now: Option<String>,
}

enum Done {
    Written,
    Already,
    Changed(ChangedMeanwhile),
}

/// Applies a plan, page by page. A record that is not as the plan expects is reported and left
/// alone. Stopped anywhere, it goes on with the page at which it was.
pub async fn apply_restore(
    index: &IndexHandle,
    table: &Arc<dyn SourceTable>,
    plan: &RestorePlan,
    options: &ApplyOptions,
    mut progress: impl FnMut(&RestoreState) + Send,
) -> Result<RestoreState, RecordsError> {
    if plan.table != table.name() {
        return Err(RecordsError::refused(format!(
            "the plan {} is for the table {}, not {}",
            plan.id,
            plan.table,
            table.name()
        )));
    }
    if plan.computed_digest() != plan.digest {
        return Err(RecordsError::refused(format!(
            "the plan {} is not the one that was made: its digest differs",
            plan.id
        )));
    }
    let mut state = load_state(index, &plan.id).await?;
    let done = usize::try_from(state.pages_done).unwrap_or(usize::MAX);
    for planned in plan.pages.iter().skip(done) {
        let actions = load_plan_page(index, planned).await?;
        let results: Vec<(PlannedAction, Done)> = stream::iter(actions)
            .map(|action| async move {
                let done = apply_one(table.as_ref(), &action).await?;
                Ok::<_, RecordsError>((action, done))
            })
            .buffer_unordered(options.concurrency.max(1))
            .try_collect()
            .await?;
        for (action, done) in results {
            match (done, &action.expect, &action.want) {
                (Done::Already, ..) => state.already += 1,
                (Done::Changed(changed), ..) => state.changed.push(changed),
                (Done::Written, None, _) => state.created += 1,
                (Done::Written, Some(_), Some(_)) => state.overwritten += 1,
                (Done::Written, Some(_), None) => state.deleted += 1,
            }
        }
        state.pages_done += 1;
        state.changed.sort_by(|a, b| a.key.cmp(&b.key));
        save_state(index, &plan.id, &state).await?;
        progress(&state);
    }
    Ok(state)
}

async fn apply_one(table: &dyn SourceTable, action: &PlannedAction) -> Result<Done, RecordsError> {
    if let Some(done) = look(table, action).await? {
        return Ok(done);
    }
    let expected = match &action.expect {
        Some(item) => Expected::Image(item.bytes().clone()),
        None => Expected::Absent,
    };
    let written = match &action.want {
        Some(item) => table.put_if(item.bytes(), &expected).await,
        None => table.delete_if(action.key.bytes(), &expected).await,
    };
    match written {
        Ok(()) => Ok(Done::Written),
        // Changed in this moment, or written by this very call whose answer was lost.
        Err(error) if error.kind == PortErrorKind::PreconditionFailed => {
            match look(table, action).await? {
                Some(Done::Already) => Ok(Done::Written),
                Some(done) => Ok(done),
                None => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// None where the table holds what the plan expects.
async fn look(
    table: &dyn SourceTable,
    action: &PlannedAction,
) -> Result<Option<Done>, RecordsError> {
    let now = read_item(table, &action.key).await?;
    if now == action.want {
        return Ok(Some(Done::Already));
    }
    if now == action.expect {
        return Ok(None);
    }
    Ok(Some(Done::Changed(ChangedMeanwhile {
        key: action.key.to_string(),
        now: now.as_ref().map(Item::as_str).map(str::to_owned),
    })))
}
