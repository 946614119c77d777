use std::sync::Arc;

use tidemark_domain::{Privilege, SessionName, buckets::BucketPlace};
use tidemark_dumps::{DumpStore, Manifest};

use super::policy::policy;
use crate::{
    Caller, ServiceError, Services, accounts,
    audit::AuditOutcome,
    authorize,
    authorize::record,
    ports::{SessionIdentity, Target},
};

/// What a bucket is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumpUse {
    /// Storing a dump under this key.
    Put(String),
    /// Bringing back the dump under this key.
    Get(String),
    /// Looking at the dumps whose keys begin so.
    List(String),
}

impl DumpUse {
    fn privilege(&self) -> Privilege {
        match self {
            // Whoever gets a dump reads what lies in the bucket, not just its name.
            Self::Put(_) | Self::Get(_) => Privilege::ManageBuckets,
            Self::List(_) => Privilege::ReadBuckets,
        }
    }

    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::Put(_) => "dump.put",
            Self::Get(_) => "dump.get",
            Self::List(_) => "dump.list",
        }
    }

    pub(super) fn subject(&self, place: &BucketPlace) -> String {
        let (Self::Put(key) | Self::Get(key) | Self::List(key)) = self;
        format!("{}/{key}", place.arn())
    }
}

/// Opens a bucket of an account for one purpose, with the account's role, the person's name on it and no more rights than the
/// purpose has. What is stored or brought back stands in the audit log before it begins.
pub async fn open(
    services: &Services,
    caller: &Caller,
    place: &BucketPlace,
    purpose: &DumpUse,
) -> Result<Arc<dyn DumpStore>, ServiceError> {
    let (action, subject) = (purpose.action(), purpose.subject(place));
    authorize(services, caller, purpose.privilege(), action, &subject).await?;
    place.check()?;
    if let DumpUse::Put(key) | DumpUse::Get(key) = purpose {
        Manifest::check_key(key)
            .map_err(|error| tidemark_domain::Invalid::new("key", error.to_string()))?;
    }
    let account = accounts::find(services, &place.account).await?;
    let target = Target {
        connection: account.connection,
        region: place.region.clone(),
        session: SessionIdentity {
            session_name: SessionName::from_text("tidemark-dump"),
            source_identity: Some(SessionName::from_text(&caller.name)),
            policy: Some(policy(place, purpose).fitted()),
        },
    };
    let store = services.buckets.dumps(&target, &place.bucket).await?;
    if !matches!(purpose, DumpUse::List(_)) {
        let outcome = AuditOutcome::Allowed;
        record(services, caller, action, &subject, outcome, None, None).await?;
    }
    Ok(store)
}
