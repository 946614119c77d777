use tidemark_domain::{Check, Privilege, Reach, RestoreDestination, RestorePlan};

use super::source::Source;
use crate::{Caller, ServiceError, Services, authorize::refuse};

/// What a person must still do or be, before a plan is started: who may restore only what is theirs
/// restores beside it, and what changes something that exists is confirmed by its name.
pub(super) async fn confirm(
    services: &Services,
    caller: &Caller,
    plan: &RestorePlan,
    typed: Option<&str>,
) -> Result<(), ServiceError> {
    let home = services
        .catalogue
        .resource(&plan.request.resource)
        .await?
        .is_some_and(|detail| detail.resource.account == plan.account);
    if let Some(destination) = &plan.destination
        && let Some(why) = beside_only(caller, destination, home)
    {
        let subject = plan.request.resource.to_string();
        return Err(refuse(services, caller, "restore.start", &subject, why).await);
    }
    // What cannot start at all says so, whatever was typed.
    if plan.can_start() {
        plan.check_confirmation(typed)?;
    }
    Ok(())
}

/// The check that shows beforehand what [`confirm`] refuses.
pub(super) fn check(
    caller: &Caller,
    destination: &RestoreDestination,
    source: &Source,
) -> Option<Check> {
    let home = source.account == source.detail.resource.account;
    beside_only(caller, destination, home).map(|why| {
        Check::fail(
            "You may restore there",
            format!("{}.", sentence(&why)),
            "Let the restore make something new in the account of the original, or ask an operator.",
        )
    })
}

/// Why a person who may restore only what is theirs may not restore there: into something new, in the
/// account of the original, is all that they may.
fn beside_only(caller: &Caller, destination: &RestoreDestination, home: bool) -> Option<String> {
    if caller.role.allows(Privilege::Restore) == Reach::All {
        return None;
    }
    let role = caller.role.as_str();
    if !home {
        return Some(format!(
            "the role {role} restores in the account of the original only, and this recovery point lies in {} ({})",
            destination.alias, destination.account
        ));
    }
    destination.is_change().then(|| {
        format!("the role {role} restores into something new only, and this changes something that exists or may do so")
    })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
