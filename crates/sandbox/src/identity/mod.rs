//! Who calls: account roots, IAM users and role sessions.

mod caller;
mod managed;
mod policies;
mod session;

pub(crate) use caller::{Caller, CallerKind};
pub(crate) use policies::Policies;
pub(crate) use session::{NewSession, Session, SessionStore};

use std::sync::Arc;

use awsim_core::AccountRegionStore;
use awsim_iam::state::IamState;
use jiff::Timestamp;

use crate::gateway::{Refusal, Scope};

/// Region under which IAM keeps an account's principals.
pub(crate) const IAM_REGION: &str = "global";

/// Resolves access keys to callers and callers to policies.
#[derive(Clone)]
pub(crate) struct Identity {
    iam: AccountRegionStore<IamState>,
    sessions: Arc<SessionStore>,
}

impl Identity {
    pub(crate) fn new(iam: AccountRegionStore<IamState>) -> Self {
        Self {
            iam,
            sessions: Arc::new(SessionStore::default()),
        }
    }

    pub(crate) fn sessions(&self) -> &SessionStore {
        &self.sessions
    }

    pub(crate) fn iam(&self, account: &str) -> Arc<IamState> {
        self.iam.get(account, IAM_REGION)
    }

    /// The caller behind a signature, or why it is refused.
    ///
    /// A 12-digit access key id is that account's root, whatever the secret, as in moto and ministack.
    pub(crate) fn resolve(&self, scope: &Scope, now: Timestamp) -> Result<Caller, Refusal> {
        let key = scope.access_key.as_str();
        if is_account_id(key) {
            return Ok(Caller::root(key));
        }
        if let Some(session) = self.sessions.get(key) {
            if session.expires <= now {
                return Err(Refusal::Expired);
            }
            if scope.session_token.as_deref() != Some(session.token.as_str()) {
                return Err(Refusal::BadToken);
            }
            return Ok(Caller::session(session));
        }
        for ((account, _), state) in self.iam.iter_all() {
            let user = state.users.iter().find_map(|user| {
                user.access_keys
                    .iter()
                    .any(|k| k.access_key_id == key && k.status == "Active")
                    .then(|| {
                        (
                            user.arn.clone(),
                            user.user_id.clone(),
                            user.user_name.clone(),
                        )
                    })
            });
            if let Some((arn, id, name)) = user {
                return Ok(Caller::user(&account, arn, id, name));
            }
        }
        Err(Refusal::UnknownKey)
    }
}

/// Whether the text is an AWS account id.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}
