//! What all changes of users have in common: they are for those who may, and nobody makes them about themselves.

use tidemark_domain::{Privilege, UserSummary};

use crate::{
    Caller, ServiceError, Services,
    audit::AuditOutcome,
    authorize,
    authorize::{entry, record, refuse},
    ports::{User, UserChange, UserChanged},
};

/// Longer names are nobody's.
const LONGEST_NAME: usize = 128;

/// The user of that name, in any case.
pub(super) async fn find(services: &Services, name: &str) -> Result<User, ServiceError> {
    let name = name.trim();
    let unknown = || {
        let shown: String = name.chars().filter(|c| !c.is_control()).collect();
        ServiceError::NotFound(format!(
            "user {}",
            shown.chars().take(LONGEST_NAME).collect::<String>()
        ))
    };
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(unknown());
    }
    services.users.by_name(name).await?.ok_or_else(unknown)
}

/// The user that a caller is about to change. What is the caller's own is refused: a session in wrong hands could
/// otherwise take the password, or the count of wrong ones, from the person whose it is, and who takes a role from
/// themselves by mistake could not take it back.
pub(super) async fn other(
    services: &Services,
    caller: &Caller,
    action: &str,
    name: &str,
) -> Result<User, ServiceError> {
    authorize(services, caller, Privilege::ManageUsers, action, name).await?;
    let user = find(services, name).await?;
    if caller.user_id == Some(user.id) {
        let why = "nobody does this to themselves; another admin can, or `tidemark users` on the console's machine";
        return Err(refuse(services, caller, action, &user.name, why.to_owned()).await);
    }
    Ok(user)
}

/// Makes the change, with its entry in the audit log.
pub(super) async fn apply(
    services: &Services,
    caller: &Caller,
    action: &str,
    user: &User,
    change: &UserChange,
    detail: Option<String>,
) -> Result<UserSummary, ServiceError> {
    let outcome = AuditOutcome::Allowed;
    let entry = entry(services, caller, action, &user.name, outcome, None, detail);
    match services.users.change(user.id, change, &entry).await? {
        UserChanged::Done(user) => Ok(user.summary()),
        UserChanged::LastAdmin => {
            let why = format!(
                "{} is the last admin who is not disabled; make somebody else an admin first",
                user.name
            );
            let denied = AuditOutcome::Denied;
            let detail = Some(why.clone());
            record(services, caller, action, &user.name, denied, None, detail).await?;
            Err(ServiceError::Conflict(why))
        }
    }
}
