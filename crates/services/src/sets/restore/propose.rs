use jiff::Timestamp;
use tidemark_domain::sets::{MemberWish, SetRestoreRequest};

use super::plan::open;
use crate::{Caller, ServiceError, Services, sets::recovery::of_manifest};

/// What a restore of a set begins with: a combination of the members' points that satisfies the set's rules, the first of a
/// chosen time where `place` is 0.
///
/// # Errors
/// A conflict where nothing of the set can be recovered together for that time.
pub async fn propose_restore(
    services: &Services,
    caller: &Caller,
    name: &str,
    at: Timestamp,
    place: usize,
) -> Result<SetRestoreRequest, ServiceError> {
    let opened = open(services, caller, name, "set.restore.propose").await?;
    let found = of_manifest(services, &opened.manifest, at).await?;
    let Some(combination) = found.combinations.get(place) else {
        return Err(ServiceError::Conflict(found.impossible.unwrap_or_else(
            || {
                format!(
                    "there are {} combinations for this time",
                    found.combinations.len()
                )
            },
        )));
    };
    Ok(SetRestoreRequest {
        name: opened.manifest.name,
        members: combination.choices.iter().map(MemberWish::of).collect(),
        ..SetRestoreRequest::default()
    })
}
