use tidemark_domain::{SessionName, records::Capture};
use tidemark_records::states::Backup;

use super::{
    errors::records_error,
    open_backup::{index_of, paths_of, target},
    policy::{DESCRIBE_TABLE, LIST, Place, READ, SCALING, nothing},
};
use crate::{
    Caller, ServiceError, Services,
    calls::{Call, SessionPolicy},
    ports::{RecordsAccess, SessionIdentity},
};

/// What a backup is opened for: no more is allowed to the session.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// Reading what is stored.
    Read,
    /// Comparing with the live table, which is read whole.
    CompareWithTable,
    /// Planning an undo: reads the table record by record, writes the plan into the bucket.
    PlanUndo {
        /// The plan's id.
        plan: String,
    },
    /// Looking at a plan and how far it has come.
    ReadPlan,
    /// Carrying a plan out.
    Undo {
        /// The plan's id.
        plan: String,
    },
}

/// Opens a backup for a person, with their name on it, and with no more rights than the purpose has.
pub(super) async fn open_for(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    purpose: &Purpose,
) -> Result<(Backup, RecordsAccess), ServiceError> {
    let access = access_for(services, caller, capture, purpose).await?;
    let backup = Backup::open(index_of(capture, &access))
        .await
        .map_err(records_error)?;
    Ok((backup, access))
}

/// The bucket and the table alone.
pub(super) async fn access_for(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    purpose: &Purpose,
) -> Result<RecordsAccess, ServiceError> {
    let session = SessionIdentity {
        session_name: SessionName::from_text(&format!("tidemark-records-{}", capture.id)),
        source_identity: Some(SessionName::from_text(&caller.name)),
        policy: Some(policy(capture, purpose).fitted()),
    };
    let target = target(services, capture, session).await?;
    Ok(services
        .records
        .open(&target, capture.table_name(), &capture.bucket)
        .await?)
}

/// The inline session policy for a purpose.
pub(super) fn policy(capture: &Capture, purpose: &Purpose) -> SessionPolicy {
    let (paths, place) = (paths_of(capture), Place::of(capture));
    let plan_folder = |plan: &str| [place.below(&paths.restore(plan))];
    let table = [&capture.table];
    let policy = nothing(capture).allow(&LIST, &[place.bucket()]);
    match purpose {
        Purpose::Read | Purpose::ReadPlan => policy.allow(&READ, &place.objects()),
        Purpose::CompareWithTable => policy
            .allow(&READ, &place.objects())
            // What does not fit into memory is sorted there.
            .allow(
                &[Call::PutObject, Call::DeleteObject],
                &[place.below(&format!("{}work/", paths.own()))],
            )
            .allow(&DESCRIBE_TABLE, &table)
            .allow(&[Call::Scan], &table)
            .allow_any(&SCALING),
        Purpose::PlanUndo { plan } => policy
            .allow(&READ, &place.objects())
            .allow(&[Call::PutObject], &plan_folder(plan))
            .allow(&DESCRIBE_TABLE, &table)
            .allow(&[Call::GetItem], &table)
            .allow_any(&SCALING),
        Purpose::Undo { plan } => policy
            .allow(
                &[Call::HeadObject, Call::GetObject, Call::PutObject],
                &plan_folder(plan),
            )
            .allow(
                &[
                    Call::DescribeTable,
                    Call::GetItem,
                    Call::PutItem,
                    Call::DeleteItem,
                ],
                &table,
            ),
    }
}
