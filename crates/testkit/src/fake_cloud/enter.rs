use std::sync::MutexGuard;

use tidemark_domain::{Scope, ScopeCause};
use tidemark_services::ports::{CloudError, CloudErrorKind, Target};

use super::{
    FakeCloud,
    model::{Access, State},
    policy,
};

impl FakeCloud {
    /// Lets a call in: the role must be assumable and allowed `action` on `resource`.
    pub(crate) fn enter(
        &self,
        target: &Target,
        action: &str,
        resource: &str,
    ) -> Result<MutexGuard<'_, State>, CloudError> {
        let mut state = self.lock();
        state.go_on(&scope_of(target), self.clock.now());
        assume(&mut state, target)?;
        allowed(&mut state, target, action, resource)?;
        Ok(state)
    }

    /// Lets a call in that asks for several actions, each of which is checked by itself.
    pub(crate) fn enter_only(&self, target: &Target) -> Result<MutexGuard<'_, State>, CloudError> {
        let mut state = self.lock();
        state.go_on(&scope_of(target), self.clock.now());
        assume(&mut state, target)?;
        Ok(state)
    }
}

/// The scope that a target names.
pub(crate) fn scope_of(target: &Target) -> Scope {
    Scope {
        account: target.connection.account.clone(),
        region: target.region.clone(),
    }
}

/// Why the role cannot be assumed, as a cause and as the error that AWS would answer.
pub(crate) fn broken(state: &State, target: &Target) -> Option<(ScopeCause, CloudErrorKind)> {
    use {CloudErrorKind as K, ScopeCause as C};
    let Some(account) = state.accounts.get(&target.connection.account) else {
        return Some((C::NoSuchRole, K::Denied));
    };
    match account.access {
        Access::Unreachable => Some((C::Endpoint, K::Unavailable)),
        Access::Slow => Some((C::Slow, K::Timeout)),
        Access::Throttled => Some((C::Throttled, K::Throttled)),
        Access::NoTrust => Some((C::Trust, K::Denied)),
        Access::NoSuchRole => Some((C::NoSuchRole, K::Denied)),
        Access::Open if account.connection.role != target.connection.role => {
            Some((C::NoSuchRole, K::Denied))
        }
        Access::Open if account.connection.external_id != target.connection.external_id => {
            Some((C::ExternalId, K::Denied))
        }
        Access::Open => None,
    }
}

/// Characters of a session policy that STS takes.
const SESSION_POLICY: usize = 2_048;

/// What STS answers where a session policy is too large.
pub(crate) fn too_large(target: &Target) -> Option<CloudError> {
    let length = target.session.policy.as_deref().map_or(0, str::len);
    (length > SESSION_POLICY).then(|| CloudError {
        code: Some("PackedPolicyTooLarge".to_owned()),
        status: Some(400),
        ..CloudError::local(
            CloudErrorKind::Invalid,
            "sts:AssumeRole",
            format!(
                "Packed size of session policy consumes {}% of allotted space",
                (length * 100).div_ceil(SESSION_POLICY)
            ),
        )
    })
}

fn assume(state: &mut State, target: &Target) -> Result<(), CloudError> {
    if let Some(error) = too_large(target) {
        return Err(error);
    }
    match broken(state, target) {
        None => Ok(()),
        Some((_, kind)) => {
            let (code, message) = match kind {
                CloudErrorKind::Denied => (
                    "AccessDenied",
                    format!("the console may not assume {}", target.connection.role),
                ),
                CloudErrorKind::Throttled => ("Throttling", "Rate exceeded".to_owned()),
                CloudErrorKind::Timeout => ("", "no answer within the deadline".to_owned()),
                _ => ("", "the endpoint does not answer".to_owned()),
            };
            if code.is_empty() {
                return Err(CloudError::local(kind, "sts:AssumeRole", message));
            }
            Err(answer(state, kind, "sts:AssumeRole", code, message))
        }
    }
}

/// Whether the role and the session policy let the target do so.
pub(crate) fn allowed(
    state: &mut State,
    target: &Target,
    action: &str,
    resource: &str,
) -> Result<(), CloudError> {
    let lacks = state
        .accounts
        .get(&target.connection.account)
        .is_none_or(|a| a.denied.contains(action));
    let outside = target
        .session
        .policy
        .as_deref()
        .is_some_and(|p| !policy::allows(p, action, resource));
    if !lacks && !outside {
        return Ok(());
    }
    let because = if lacks { "identity-based" } else { "session" };
    let message = format!(
        "{} is not authorized to perform: {action} on resource: {resource} because no {because} policy allows the action",
        target.connection.role
    );
    Err(answer(
        state,
        CloudErrorKind::Denied,
        action,
        "AccessDeniedException",
        message,
    ))
}

/// An error as AWS answers it, with a request id of its own.
pub(crate) fn answer(
    state: &mut State,
    kind: CloudErrorKind,
    operation: &str,
    code: &str,
    message: impl Into<String>,
) -> CloudError {
    let status = match kind {
        CloudErrorKind::Denied => 403,
        CloudErrorKind::Unavailable => 503,
        _ => 400,
    };
    CloudError {
        kind,
        operation: operation.to_owned(),
        code: Some(code.to_owned()),
        message: message.into(),
        status: Some(status),
        request_id: Some(format!("fake-{:08}", state.next())),
    }
}
