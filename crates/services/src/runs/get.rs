use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Privilege,
    runs::{Run, RunEvent, RunId, RunView},
};

use super::hide::hide_keys;
use crate::{Caller, ServiceError, Services, authorize};

/// A run with its log and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDetail {
    /// The run.
    pub run: Run,
    /// The fold over its log.
    pub view: RunView,
    /// The end of its log, oldest first.
    pub events: Vec<RunEvent>,
}

/// How many events of a log a page carries: its end.
const SHOWN: usize = 500;

/// How many events are read at once.
const AT_ONCE: u32 = 2_000;

/// One run with its log.
pub async fn get(
    services: &Services,
    caller: &Caller,
    id: RunId,
) -> Result<RunDetail, ServiceError> {
    let mut run = find(services, caller, id, Privilege::ReadRuns, "run.get").await?;
    let mut view = RunView::default();
    let mut shown: VecDeque<RunEvent> = VecDeque::new();
    loop {
        let store = services.runs.store();
        let events = store
            .events_after(id, view.seq, AT_ONCE)
            .await
            .map_err(super::store_error)?;
        let last = events.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        for event in events {
            view.apply(&event);
            if shown.len() == SHOWN {
                shown.pop_front();
            }
            shown.push_back(event);
        }
        if last {
            break;
        }
    }
    // The log was read after the run, and may be further: both tell the same.
    if view.seq > run.seq {
        run.head = view.head(services.clock.now());
        run.seq = view.seq;
    }
    hide_keys(caller, &mut run);
    Ok(RunDetail {
        run,
        view,
        events: shown.into(),
    })
}

/// The run, if the caller may use the privilege on it.
pub(super) async fn find(
    services: &Services,
    caller: &Caller,
    id: RunId,
    privilege: Privilege,
    action: &str,
) -> Result<Run, ServiceError> {
    let grant = authorize(services, caller, privilege, action, &id.to_string()).await?;
    services
        .runs
        .store()
        .get(id)
        .await
        .map_err(super::store_error)?
        .filter(|run| grant.covers_creator(&run.creator))
        .ok_or_else(|| ServiceError::NotFound(format!("run {id}")))
}
