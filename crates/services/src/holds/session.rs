use tidemark_domain::{
    Partition,
    vaults::{HoldChange, HoldRequest},
};

use crate::calls::{Call, SessionPolicy};

/// All that the credentials of a change of a legal hold may do: make one, or look at this one and release it.
pub(super) fn session_policy(request: &HoldRequest) -> SessionPolicy {
    let partition = Partition::of(&request.region).id();
    let policy = SessionPolicy::new(partition, &request.account, &request.region)
        .allow_any(&[Call::GetLegalHold]);
    match &request.change {
        HoldChange::Create(_) => policy.allow_any(&[Call::CreateLegalHold]),
        HoldChange::Release(_) => policy.allow(&[Call::CancelLegalHold], &[request.arn()]),
    }
}
