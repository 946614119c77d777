use jiff::SignedDuration;

use super::{password::Turn, verify_password};
use crate::{
    ServiceError, Services,
    audit::{AuditEntry, AuditOutcome},
    ports::{Attempt, User},
};

/// Failures after which sign-in pauses; from then on each failure doubles the pause.
const FREE_FAILURES: u32 = 5;
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);

/// Checks name and password. Unknown name, wrong password, lock-out and a disabled user give the same answer in the
/// same time. Every attempt is audited. It counts as a failure before it is looked at, so that guesses at once do not
/// pass the lock-out.
pub async fn sign_in(
    services: &Services,
    name: &str,
    password: &str,
    origin: &str,
) -> Result<User, ServiceError> {
    let turn = Turn::wait()?;
    let name = name.trim();
    let user = if name.is_empty() || name.chars().count() > 128 {
        None
    } else {
        services.users.by_name(name).await?
    };
    let now = services.clock.now();
    let locked = match &user {
        Some(user) => is_locked(begin_attempt(services, user).await?),
        None => false,
    };
    let disabled = user.as_ref().is_some_and(|user| user.disabled_at.is_some());
    // Always verified, so that neither an unknown name nor a lock answers faster.
    let password: String = password.chars().take(256).collect();
    let hash = user.as_ref().map(|u| u.password_hash.as_str());
    let matches = verify_password(turn, &password, hash).await?;
    let shown: String = name.chars().filter(|c| !c.is_control()).take(128).collect();
    let entry = |outcome, detail: &str| AuditEntry {
        at: now,
        actor: shown.clone(),
        origin: origin.to_owned(),
        action: "session.sign_in".into(),
        subject: shown.clone(),
        outcome,
        plan_digest: None,
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        request_ids: Vec::new(),
    };
    match user {
        Some(user) if matches && !locked && !disabled => {
            services.users.record_sign_in(user.id, now).await?;
            services
                .audit
                .append(&entry(AuditOutcome::Allowed, ""))
                .await?;
            Ok(user)
        }
        _ => {
            let why = if disabled {
                "disabled"
            } else if locked {
                "locked out"
            } else {
                "unknown name or wrong password"
            };
            services
                .audit
                .append(&entry(AuditOutcome::Denied, why))
                .await?;
            Err(ServiceError::Unauthenticated)
        }
    }
}

/// Counts an attempt on the user's password as a failure; a success takes that back.
pub(super) async fn begin_attempt(
    services: &Services,
    user: &User,
) -> Result<Attempt, ServiceError> {
    let now = services.clock.now();
    let attempt = services
        .users
        .begin_attempt(user.id, now, pause_after)
        .await?;
    Ok(attempt)
}

pub(super) fn is_locked(attempt: Attempt) -> bool {
    matches!(attempt, Attempt::Locked(_))
}

fn pause_after(failures: u32) -> Option<SignedDuration> {
    let over = failures.checked_sub(FREE_FAILURES)?;
    let seconds = 30_i64.checked_shl(over.min(10))?;
    Some(SignedDuration::from_secs(seconds).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_begin_at_the_fifth_failure_and_grow_to_a_quarter_hour() {
        assert_eq!(pause_after(4), None);
        assert_eq!(pause_after(5), Some(SignedDuration::from_secs(30)));
        assert_eq!(pause_after(6), Some(SignedDuration::from_secs(60)));
        assert_eq!(pause_after(400), Some(LONGEST_PAUSE));
    }
}
