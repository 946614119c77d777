use tidemark_domain::{
    BackupRequest, RestoreRequest,
    change::ChangeRequest,
    plan::{PlanDraft, PlanKey, RolloutRequest},
    records::SetupRequest,
    runs::RunId,
};
use tidemark_services::{
    Caller, ServiceError, Services, backup, plans,
    points::change::{self, Confirmed},
    records::setup,
    restore,
};

/// A form that is filled in: what was reviewed, and what the review showed.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Restore(RestoreRequest, String),
    Backup(BackupRequest),
    Points(ChangeRequest, Confirmed),
    Save(PlanDraft, String),
    Delete(PlanKey, String, String),
    RollOut(RolloutRequest, String),
    RunRule(PlanKey, String, String),
    SetUp(SetupRequest, String),
}

/// A form, and its number with the oracle.
pub(super) struct Filled {
    pub(super) ask: usize,
    pub(super) form: Form,
}

impl Form {
    /// Sends it.
    pub(super) async fn send(
        self,
        services: &Services,
        caller: &Caller,
    ) -> Result<RunId, ServiceError> {
        match self {
            Self::Restore(request, digest) => {
                restore::start(services, caller, request, &digest).await
            }
            Self::Backup(request) => backup::start(services, caller, request).await,
            Self::Points(request, confirmed) => {
                change::start(services, caller, request, &confirmed).await
            }
            Self::Save(draft, digest) => plans::apply(services, caller, draft, &digest).await,
            Self::Delete(key, digest, reason) => {
                plans::delete(services, caller, &key, &digest, &reason).await
            }
            Self::RollOut(request, digest) => {
                plans::start_rollout(services, caller, request, &digest).await
            }
            Self::SetUp(request, digest) => setup::start(services, caller, request, &digest).await,
            Self::RunRule(key, digest, reason) => {
                plans::run_now(services, caller, &key, "daily", &digest, &reason).await
            }
        }
    }
}
