use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tidemark_domain::runs::RunId;

use crate::{Caller, ServiceError, Services, ports::RunKeys};

/// For how long the same wish of the same person is taken for the same, although it has been
/// fulfilled: a form that is sent twice, or a script that does not trust the first answer.
const REPEATED: SignedDuration = SignedDuration::from_mins(1);

/// By what a run of this kind is told from others. What was never shown (no digest) is the same only while it is
/// unfinished, by everything that it is to do.
pub(super) fn keys(
    services: &Services,
    caller: &Caller,
    kind: &str,
    digest: Option<&str>,
    params: &str,
    targets: Vec<String>,
) -> RunKeys {
    let now = services.clock.now();
    RunKeys {
        repeat: repeat_key(kind, &caller.name, digest.unwrap_or(params)),
        repeat_since: match digest {
            Some(_) => now.checked_sub(REPEATED).unwrap_or(now),
            None => now,
        },
        targets,
    }
}

/// The run of a wish that was never shown as a plan, if it is being fulfilled or was begun since this was asked for: checks
/// before a run may take a while, in which the run of the same wish, sent a moment before, begins and ends.
pub(crate) async fn begun_since<P: Serialize>(
    services: &Services,
    caller: &Caller,
    kind: &str,
    params: &P,
    asked_at: Timestamp,
) -> Result<Option<RunId>, ServiceError> {
    let params = serde_json::to_value(params).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    let keys = RunKeys {
        repeat_since: asked_at,
        ..keys(
            services,
            caller,
            kind,
            None,
            &params.to_string(),
            Vec::new(),
        )
    };
    Ok(services.starts.repeated(&keys).await?)
}

/// What came of beginning a run. Where it was refused because the world has changed, it may have been changed by the very
/// same wish, sent a moment before: then the answer is the run of that.
pub(crate) async fn or_repeat(
    services: &Services,
    caller: &Caller,
    kind: &str,
    digest: &str,
    begun: Result<RunId, ServiceError>,
) -> Result<RunId, ServiceError> {
    match begun {
        Err(
            refused @ (ServiceError::Conflict(_)
            | ServiceError::Checks(_)
            | ServiceError::NotFound(_)),
        ) => {
            let keys = keys(services, caller, kind, Some(digest), "", Vec::new());
            let run = services.starts.repeated(&keys).await?;
            run.ok_or(refused)
        }
        answer => answer,
    }
}

/// The same for every repeat of a wish: never for two people, nor for two kinds.
fn repeat_key(kind: &str, creator: &str, what: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind, creator, what] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("repeat:{}", hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_told_from_others_by_kind_person_and_plan() {
        let keys = [
            repeat_key("restore", "ana", "digest"),
            repeat_key("backup", "ana", "digest"),
            repeat_key("restore", "ben", "digest"),
            repeat_key("restore", "ana", "other"),
            repeat_key("restor", "eana", "digest"),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(n));
        }
        assert_eq!(keys[0], repeat_key("restore", "ana", "digest"));
    }
}
