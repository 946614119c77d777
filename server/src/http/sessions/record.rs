use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_services::ports::User;
use tower_sessions::{
    Expiry, Session, SessionStore, cookie::time::OffsetDateTime, session, session::Id,
};
use uuid::Uuid;

use crate::http::Settings;

const KEY: &str = "signed_in";
/// How often "last seen" is written: not on each request, since each write is a transaction.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What a session knows: who, since when, and when they were last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) user_id: Uuid,
    pub(crate) stamp: Uuid,
    pub(crate) since: Timestamp,
    pub(crate) seen: Timestamp,
}

impl SignedIn {
    pub(crate) fn new(user: &User, now: Timestamp) -> Self {
        Self {
            user_id: user.id,
            stamp: user.security_stamp,
            since: now,
            seen: now,
        }
    }

    /// Reads it from the session, unless it has ended by either rule.
    pub(crate) async fn load(
        session: &Session,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Option<Self>, session::Error> {
        let found: Option<Self> = session.get(KEY).await?;
        Ok(found.filter(|signed_in| now < signed_in.ends_at(settings)))
    }

    /// Whether the session is still kept and has not ended by either rule, as the store knows now. A
    /// failing store is no reason to end what is being followed.
    pub(crate) async fn is_there(
        store: &impl SessionStore,
        id: &Id,
        settings: &Settings,
        now: Timestamp,
    ) -> bool {
        match store.load(id).await {
            Ok(Some(record)) => record
                .data
                .get(KEY)
                .and_then(|value| serde_json::from_value::<Self>(value.clone()).ok())
                .is_some_and(|signed_in| now < signed_in.ends_at(settings)),
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "The session behind a stream could not be looked up");
                true
            }
        }
    }

    /// Notes that the person is still there, when the last note is old enough.
    pub(crate) async fn touch(
        mut self,
        session: &Session,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<(), session::Error> {
        if now.duration_since(self.seen) < TOUCH_EVERY {
            return Ok(());
        }
        self.seen = now;
        self.save(session, settings).await
    }

    /// Writes it into the session and sets when that ends.
    pub(crate) async fn save(
        &self,
        session: &Session,
        settings: &Settings,
    ) -> Result<(), session::Error> {
        session.insert(KEY, self).await?;
        let end = OffsetDateTime::from_unix_timestamp(self.ends_at(settings).as_second())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        session.set_expiry(Some(Expiry::AtDateTime(end)));
        Ok(())
    }

    fn ends_at(&self, settings: &Settings) -> Timestamp {
        let after = |start: Timestamp, limit| start.checked_add(limit).unwrap_or(Timestamp::MAX);
        // A minute more than idle, since `seen` may be a minute old.
        let idle = after(self.seen, settings.idle.saturating_add(TOUCH_EVERY));
        idle.min(after(self.since, settings.absolute))
    }
}
