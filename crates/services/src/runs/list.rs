use tidemark_domain::{
    AccountId, Arn, Invalid, Page, Privilege,
    runs::{Run, RunId, RunState},
};
use tidemark_runs::{RunFilter, RunQuery};

use super::hide::hide_keys;
use crate::{Caller, ServiceError, Services, authorize};

/// What a list of runs shows, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunListFilter {
    /// Only runs in one of these states.
    pub states: Vec<RunState>,
    /// Only runs in this account.
    pub account: Option<AccountId>,
    /// Only runs about this resource.
    pub resource: Option<Arn>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// A page of runs; owners see those that they began.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &RunListFilter,
) -> Result<Page<Run>, ServiceError> {
    let grant = authorize(services, caller, Privilege::ReadRuns, "run.list", "").await?;
    let limit = filter.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    let before = filter
        .cursor
        .as_deref()
        .map(|cursor| {
            cursor
                .parse::<RunId>()
                .map_err(|_| Invalid::new("cursor", "must be the cursor of an earlier page"))
        })
        .transpose()?;
    let mut page = services
        .runs
        .store()
        .list(&RunQuery {
            filter: RunFilter {
                states: filter.states.clone(),
                creators: grant.owner().map(str::to_owned).into_iter().collect(),
                accounts: filter.account.iter().map(ToString::to_string).collect(),
                resources: filter.resource.iter().map(ToString::to_string).collect(),
                ..RunFilter::default()
            },
            before,
            limit: u32::from(limit),
        })
        .await
        .map_err(super::store_error)?;
    for run in &mut page.runs {
        hide_keys(caller, run);
    }
    Ok(Page {
        items: page.runs,
        next: page.next.map(|id| id.to_string()),
        total: None,
    })
}
