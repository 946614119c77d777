use std::collections::BTreeSet;

use tidemark_domain::{
    Invalid,
    records::{
        Capture, ShownKey, UndoAction, UndoCounts, UndoKind, UndoPlan, UndoProgress, UndoResult,
    },
};
use tidemark_records::{
    RecordsError,
    index::IndexHandle,
    key::KeySchema,
    restore::{PlannedAction, RestorePlan, RestoreState, load_plan, load_plan_page, load_state},
};

use super::{allowed, is_plan_id};
use crate::{
    Caller, ServiceError, Services,
    records::{
        opened::{Purpose, open_for},
        records_error,
        shown::{self, Room},
    },
};

/// Conflicts that are named.
const NAMED: usize = 50;

/// Actions on one page.
const ROWS: u64 = 100;

/// What is shown of one action.
const ROOM: Room = Room {
    attributes: 6,
    value: 300,
};

/// A plan as it was made, a page of its actions, and how far it has come.
pub async fn get(
    services: &Services,
    caller: &Caller,
    capture: &str,
    plan: &str,
    start: u64,
) -> Result<UndoPlan, ServiceError> {
    let capture = allowed(services, caller, capture, "records.undo.get").await?;
    check_id(plan)?;
    let (backup, _) = open_for(services, caller, &capture, &Purpose::ReadPlan).await?;
    let index = backup.handle();
    let plan = load(index, &capture, plan).await?;
    let state = load_state(index, &plan.id).await.map_err(records_error)?;
    let start = start.min(plan.counts.actions());
    let actions = actions(index, &plan, &state, start)
        .await
        .map_err(records_error)?;
    Ok(shown_plan(
        &capture,
        backup.schema(),
        plan,
        &state,
        start,
        actions,
    ))
}

pub(super) fn check_id(plan: &str) -> Result<(), Invalid> {
    if is_plan_id(plan) {
        return Ok(());
    }
    Err(Invalid::new("plan", "must be the id of a plan"))
}

/// Reads a plan that is for this table.
pub(super) async fn load(
    index: &IndexHandle,
    capture: &Capture,
    id: &str,
) -> Result<RestorePlan, ServiceError> {
    let plan = match load_plan(index, id).await {
        Ok(plan) => plan,
        Err(RecordsError::BadObject { .. }) => {
            return Err(ServiceError::NotFound(format!("plan {id}")));
        }
        Err(error) => return Err(records_error(error)),
    };
    if plan.table != capture.table_name() || plan.undoes.is_none() {
        return Err(ServiceError::NotFound(format!("plan {id}")));
    }
    Ok(plan)
}

fn shown_plan(
    capture: &Capture,
    schema: &KeySchema,
    plan: RestorePlan,
    state: &RestoreState,
    start: u64,
    actions: Vec<UndoAction>,
) -> UndoPlan {
    let begun = state.pages_done > 0;
    let conflicts: Vec<ShownKey> = plan
        .conflicts
        .iter()
        .take(NAMED)
        .map(|text| shown::key_text(schema, text))
        .collect();
    UndoPlan {
        table: capture.table.clone(),
        from: plan.as_of,
        to: plan.undoes,
        made_at: plan.made_at,
        counts: UndoCounts {
            create: plan.counts.create,
            overwrite: plan.counts.overwrite,
            delete: plan.counts.delete,
            unchanged: plan.counts.unchanged,
        },
        conflicts,
        conflicts_total: number(plan.conflicts.len()),
        actions,
        start,
        progress: begun.then(|| UndoProgress {
            done: state.created + state.overwritten + state.deleted + state.already,
            left: number(state.changed.len()),
            finished: state.pages_done >= number(plan.pages.len()),
        }),
        troubles: shown::troubles(&plan.troubles),
        digest: plan.digest,
        notes: plan.notes,
        id: plan.id,
    }
}

/// A page of the actions, from the pages of the plan that hold them.
async fn actions(
    index: &IndexHandle,
    plan: &RestorePlan,
    state: &RestoreState,
    start: u64,
) -> Result<Vec<UndoAction>, RecordsError> {
    let left: BTreeSet<&str> = state
        .changed
        .iter()
        .map(|changed| changed.key.as_str())
        .collect();
    let end = start + ROWS;
    let mut actions = Vec::new();
    let mut first = 0;
    for (place, page) in plan.pages.iter().enumerate() {
        let after = first + page.actions;
        if after > start && first < end {
            let is_done = number(place) < state.pages_done;
            let from = usize::try_from(start.saturating_sub(first)).unwrap_or(usize::MAX);
            let room = usize::try_from(end - start).unwrap_or(usize::MAX) - actions.len();
            for action in load_plan_page(index, page)
                .await?
                .into_iter()
                .skip(from)
                .take(room)
            {
                let result = is_done.then(|| {
                    if left.contains(action.key.as_str()) {
                        UndoResult::Left
                    } else {
                        UndoResult::Undone
                    }
                });
                actions.push(shown_action(&action, result));
            }
        }
        first = after;
    }
    Ok(actions)
}

fn shown_action(action: &PlannedAction, result: Option<UndoResult>) -> UndoAction {
    let kind = match (&action.expect, &action.want) {
        (None, _) => UndoKind::Create,
        (Some(_), Some(_)) => UndoKind::Overwrite,
        (Some(_), None) => UndoKind::Delete,
    };
    UndoAction {
        key: shown::key(&action.key),
        kind,
        changes: shown::changes(action.expect.as_ref(), action.want.as_ref(), ROOM),
        result,
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
