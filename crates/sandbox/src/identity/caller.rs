use std::sync::Arc;

use super::Session;

/// A caller whose signature was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: String,
    /// ARN as `GetCallerIdentity` shows it.
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) kind: CallerKind,
}

/// What sort of principal calls.
#[derive(Clone, Debug)]
pub(crate) enum CallerKind {
    /// The account's root: everything in its own account is allowed.
    Root,
    /// An IAM user with an access key.
    User { name: String },
    /// A role session made by `AssumeRole`.
    Session(Arc<Session>),
}

impl Caller {
    pub(crate) fn root(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:root"),
            user_id: account.to_owned(),
            kind: CallerKind::Root,
        }
    }

    pub(crate) fn user(account: &str, arn: String, id: String, name: String) -> Self {
        Self {
            account: account.to_owned(),
            arn,
            user_id: id,
            kind: CallerKind::User { name },
        }
    }

    pub(crate) fn session(session: Arc<Session>) -> Self {
        Self {
            account: session.account.clone(),
            arn: session.arn(),
            user_id: session.assumed_role_id.clone(),
            kind: CallerKind::Session(session),
        }
    }

    pub(crate) fn as_session(&self) -> Option<&Session> {
        match &self.kind {
            CallerKind::Session(session) => Some(session),
            CallerKind::Root | CallerKind::User { .. } => None,
        }
    }

    /// ARN that policies see: of the role for a role session, otherwise the caller's own.
    pub(crate) fn policy_arn(&self) -> &str {
        self.as_session()
            .map_or(self.arn.as_str(), |session| session.role_arn.as_str())
    }
}
