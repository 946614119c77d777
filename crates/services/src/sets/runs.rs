use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Privilege,
    runs::{Run, RunId, RunState},
};
use tidemark_runs::{RunFilter, RunQuery};

use super::{
    BACK_UP_SET_KIND, RESTORE_SET_KIND,
    restore_run::results_of,
    run::{MemberResult, newest_results},
};
use crate::{
    Caller, ServiceError, Services, authorize,
    runs::{engine_error, store_error},
};

/// How many runs of all sets are looked through.
const LOOKED_THROUGH: u32 = 200;
/// How many of one set are told of.
const TOLD: usize = 10;

/// A backup or a restore of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRun {
    /// The run.
    pub run: RunId,
    /// `back-up-set` or `restore-set`.
    pub kind: String,
    /// Where it stands.
    pub state: RunState,
    /// Who asked for it.
    pub creator: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What has become of each member by now.
    pub members: Vec<MemberResult>,
}

/// The newest backups and restores of a set, the last one first.
pub async fn runs(
    services: &Services,
    caller: &Caller,
    name: &str,
) -> Result<Vec<SetRun>, ServiceError> {
    authorize(services, caller, Privilege::ReadPlans, "set.runs", name).await?;
    let mut told = Vec::new();
    let kinds = [BACK_UP_SET_KIND, RESTORE_SET_KIND];
    for run in newest(services, name, &kinds).await?.into_iter().take(TOLD) {
        let view = services.runs.view(run.id).await.map_err(engine_error)?;
        let members = if run.kind == RESTORE_SET_KIND {
            results_of(&run.params, &view)
        } else {
            newest_results(&view)
        };
        told.push(SetRun {
            run: run.id,
            state: view.state,
            creator: run.creator,
            created_at: run.created_at,
            finished_at: view.finished_at,
            members,
            kind: run.kind,
        });
    }
    Ok(told)
}

/// The runs of a set among the newest of all sets, the last one first.
pub(super) async fn newest(
    services: &Services,
    name: &str,
    kinds: &[&str],
) -> Result<Vec<Run>, ServiceError> {
    let query = RunQuery {
        filter: RunFilter {
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..RunFilter::default()
        },
        before: None,
        limit: LOOKED_THROUGH,
    };
    let mut page = services
        .runs
        .store()
        .list(&query)
        .await
        .map_err(store_error)?;
    page.runs.retain(|run| run.params["set"] == name);
    Ok(page.runs)
}
