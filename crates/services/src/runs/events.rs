use tidemark_domain::{
    Privilege,
    runs::{RunEvent, RunId},
};

use super::get::find;
use crate::{Caller, ServiceError, Services};

/// Events of a run with a number above `after`, oldest first, at most 1,000.
pub async fn events(
    services: &Services,
    caller: &Caller,
    id: RunId,
    after: u64,
) -> Result<Vec<RunEvent>, ServiceError> {
    find(services, caller, id, Privilege::ReadRuns, "run.events").await?;
    services
        .runs
        .store()
        .events_after(id, after, 1_000)
        .await
        .map_err(super::store_error)
}
