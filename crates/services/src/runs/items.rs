use tidemark_domain::{
    Invalid, Page, Privilege,
    change::{ItemFilter, RunItem, TargetCounts},
    runs::RunId,
};

use super::get::find;
use crate::{Caller, ServiceError, Services, points::change::list_of_run};

/// How the items of a run stand, vault by vault; nothing for runs without items.
pub async fn item_counts(
    services: &Services,
    caller: &Caller,
    id: RunId,
) -> Result<Vec<TargetCounts>, ServiceError> {
    let run = find(services, caller, id, Privilege::ReadRuns, "run.items").await?;
    match list_of_run(&run) {
        Some(list) => Ok(services.items.counts(list).await?),
        None => Ok(Vec::new()),
    }
}

/// A page of a run's items, in their order; nothing for runs without items.
pub async fn items(
    services: &Services,
    caller: &Caller,
    id: RunId,
    filter: &ItemFilter,
) -> Result<Page<RunItem>, ServiceError> {
    let run = find(services, caller, id, Privilege::ReadRuns, "run.items").await?;
    if filter.limit.is_some_and(|n| !(1..=1000).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 1000").into());
    }
    match list_of_run(&run) {
        Some(list) => Ok(services.items.page(list, filter).await?),
        None => Ok(Page::default()),
    }
}
