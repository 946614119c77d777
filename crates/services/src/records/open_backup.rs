use tidemark_domain::{SessionName, records::Capture};
use tidemark_records::{
    index::{BackupPaths, IndexHandle},
    states::Backup,
};

use super::{errors::records_error, policy};
use crate::{
    Caller, ServiceError, Services, accounts,
    calls::{self, SessionPolicy},
    ports::{RecordsAccess, SessionIdentity, Target},
};

/// Opens a backup for reading, with credentials that can read it and its table and nothing else,
/// in the caller's name. Whoever calls this has authorised the caller.
pub async fn open_backup(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
) -> Result<(Backup, RecordsAccess), ServiceError> {
    let session = SessionIdentity {
        session_name: SessionName::from_text(&format!("tidemark-records-{}", capture.id)),
        source_identity: Some(SessionName::from_text(&caller.name)),
        policy: Some(policy::read(capture).fitted()),
    };
    let target = target(services, capture, session).await?;
    let access = services
        .records
        .open(&target, capture.table_name(), &capture.bucket)
        .await?;
    let backup = Backup::open(index_of(capture, &access))
        .await
        .map_err(records_error)?;
    Ok((backup, access))
}

/// The index of a capture's backup.
pub(crate) fn index_of(capture: &Capture, access: &RecordsAccess) -> IndexHandle {
    IndexHandle::new(access.store.clone(), paths_of(capture))
}

/// Where a capture's backup lies.
pub(crate) fn paths_of(capture: &Capture) -> BackupPaths {
    BackupPaths::new(capture.prefix.as_str(), capture.table_name())
}

/// The way into a capture's account and Region.
pub(super) async fn target(
    services: &Services,
    capture: &Capture,
    session: SessionIdentity,
) -> Result<Target, ServiceError> {
    let account = services
        .accounts
        .get(&capture.account)
        .await?
        .ok_or_else(|| {
            ServiceError::Conflict(format!(
                "account {} is no longer registered",
                capture.account
            ))
        })?;
    Ok(Target {
        connection: account.connection,
        region: capture.region.clone(),
        session,
    })
}

/// Refuses what STS would not take, or the account's role may not do.
pub(super) async fn may(
    services: &Services,
    capture: &Capture,
    policy: &SessionPolicy,
) -> Result<(), ServiceError> {
    policy.fit()?;
    let account = accounts::find(services, &capture.account).await?;
    let target = accounts::reading(&account, &capture.region);
    match calls::refusal(services, &target, &[policy]).await {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}
