use std::{fmt, sync::Arc, time::Duration};

use aws_credential_types::{
    Credentials,
    provider::{self, ProvideCredentials, error::CredentialsError},
};
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{ExternalId, RoleArn, SessionName};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, Target},
};
use tokio::sync::Mutex;

use super::Clock;
use crate::{classify::classify, convert::timestamp};

/// What tells credentials apart. Never printed whole, since it holds the external id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RoleKey {
    pub(crate) role: RoleArn,
    pub(crate) external_id: Option<ExternalId>,
    pub(crate) session_name: SessionName,
    pub(crate) source_identity: Option<SessionName>,
    pub(crate) policy: Option<String>,
}

impl RoleKey {
    pub(crate) fn of(target: &Target) -> Self {
        Self {
            role: target.connection.role.clone(),
            external_id: Some(target.connection.external_id.clone()),
            session_name: target.session.session_name.clone(),
            source_identity: target.session.source_identity.clone(),
            policy: target.session.policy.clone(),
        }
    }
}

impl fmt::Debug for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleKey")
            .field("role", &self.role)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}

struct Held {
    credentials: Credentials,
    expires: Timestamp,
    renew_at: Timestamp,
}

/// When credentials are renewed: the margin before they expire, or after half of their life where
/// that is later, so that a short life does not mean a call of `AssumeRole` before every other call.
fn renewal(now: Timestamp, expires: Timestamp, margin: Duration) -> Timestamp {
    let margin = SignedDuration::try_from(margin).unwrap_or_default();
    let half = expires.duration_since(now) / 2;
    let before = expires.checked_sub(margin).unwrap_or(expires);
    now.checked_add(half)
        .map_or(before, |half| before.max(half))
}

/// A role that is assumed when it is needed and again before its credentials expire.
pub(crate) struct AssumedRole {
    pub(crate) sts: aws_sdk_sts::Client,
    pub(crate) endpoint: String,
    pub(crate) key: RoleKey,
    pub(crate) session: Duration,
    pub(crate) refresh_before: Duration,
    pub(crate) clock: Clock,
    held: Mutex<Option<Held>>,
}

impl fmt::Debug for AssumedRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumedRole")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl AssumedRole {
    pub(crate) fn new(
        sts: aws_sdk_sts::Client,
        endpoint: String,
        key: RoleKey,
        settings: &super::Settings,
        clock: Clock,
    ) -> Self {
        Self {
            sts,
            endpoint,
            key,
            session: settings.session,
            refresh_before: settings.refresh_before,
            clock,
            held: Mutex::default(),
        }
    }

    /// Credentials that outlast the margin, assumed anew where needed. While AWS cannot be asked,
    /// those that have not expired yet are used on.
    pub(crate) async fn fresh(&self) -> Result<Credentials, CloudError> {
        let mut held = self.held.lock().await;
        let now = (self.clock)();
        if let Some(held) = held.as_ref()
            && now < held.renew_at
        {
            return Ok(held.credentials.clone());
        }
        match self.assume().await {
            Ok(new) => {
                let credentials = new.credentials.clone();
                *held = Some(new);
                Ok(credentials)
            }
            Err(error) => match held.as_ref() {
                Some(held) if error.is_retryable() && now < held.expires => {
                    tracing::warn!(
                        role = %self.key.role,
                        error = %error,
                        "The role could not be assumed again; its present credentials are used on."
                    );
                    Ok(held.credentials.clone())
                }
                _ => Err(error),
            },
        }
    }

    /// Forgets the credentials: AWS says that they have expired.
    pub(crate) async fn forget(&self) {
        *self.held.lock().await = None;
    }

    async fn assume(&self) -> Result<Held, CloudError> {
        const OPERATION: Call = Call::AssumeRole;
        let seconds = i32::try_from(self.session.as_secs()).unwrap_or(3600);
        let answer = self
            .sts
            .assume_role()
            .role_arn(self.key.role.as_str())
            .role_session_name(self.key.session_name.as_str())
            .set_external_id(self.key.external_id.as_ref().map(ToString::to_string))
            .set_source_identity(self.key.source_identity.as_ref().map(ToString::to_string))
            .set_policy(self.key.policy.clone())
            .duration_seconds(seconds)
            .send()
            .await
            .map_err(|e| classify(OPERATION, &self.endpoint, e))?;
        let given = answer.credentials().ok_or_else(|| {
            CloudError::local(
                CloudErrorKind::Unexpected,
                OPERATION,
                "the answer holds no credentials",
            )
        })?;
        let expires = timestamp(given.expiration()).ok_or_else(|| {
            CloudError::local(
                CloudErrorKind::Unexpected,
                OPERATION,
                "the answer holds no expiry that makes sense",
            )
        })?;
        let credentials = Credentials::new(
            given.access_key_id(),
            given.secret_access_key(),
            Some(given.session_token().to_owned()),
            None,
            "tidemark-assume-role",
        );
        Ok(Held {
            credentials,
            expires,
            renew_at: renewal((self.clock)(), expires, self.refresh_before),
        })
    }
}

/// The role as a source of credentials for a client.
#[derive(Debug, Clone)]
pub(crate) struct RoleCredentials(pub(crate) Arc<AssumedRole>);

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        provider::future::ProvideCredentials::new(async {
            self.0
                .fresh()
                .await
                .map_err(CredentialsError::provider_error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn credentials_are_renewed_a_margin_before_they_expire() {
        let at = renewal(second(0), second(3600), Duration::from_mins(5));
        assert_eq!(at, second(3300));
    }

    #[test]
    fn credentials_that_live_shorter_than_the_margin_are_renewed_at_half_their_life() {
        let at = renewal(second(0), second(240), Duration::from_mins(5));
        assert_eq!(at, second(120));
    }
}
