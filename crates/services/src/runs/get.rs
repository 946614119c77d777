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
    /// Its log, oldest first.
    pub events: Vec<RunEvent>,
}

/// How many events of a log a page carries; a run has far fewer.
const LOG: u32 = 5_000;

/// One run with its log.
pub async fn get(
    services: &Services,
    caller: &Caller,
    id: RunId,
) -> Result<RunDetail, ServiceError> {
    let mut run = find(services, caller, id, Privilege::ReadRuns, "run.get").await?;
    let events = services
        .runs
        .store()
        .events_after(id, 0, LOG)
        .await
        .map_err(super::store_error)?;
    hide_keys(caller, &mut run);
    Ok(RunDetail {
        run,
        view: RunView::fold(&events),
        events,
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
