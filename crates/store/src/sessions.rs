//! Sessions of people who have signed in. The key is a digest of what the browser holds: see the server.

use jiff::Timestamp;
use tidemark_services::error::StoreError;

use crate::{
    convert::millis,
    db::{Db, Sql},
};

/// Where sessions are kept.
#[derive(Clone, Debug)]
pub struct Sessions(pub(crate) Db);

impl Sessions {
    /// Keeps a new session; no when the key is taken.
    pub async fn create(
        &self,
        key: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (id) DO NOTHING";
        let sql = Sql::new(sql).arg(key).arg(data).arg(millis(expires_at));
        Ok(self.0.execute(sql).await? > 0)
    }

    /// Keeps a session, whatever was known of it.
    pub async fn save(
        &self,
        key: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (id) DO UPDATE \
                   SET data = excluded.data, expires_at = excluded.expires_at";
        let sql = Sql::new(sql).arg(key).arg(data).arg(millis(expires_at));
        self.0.execute(sql).await.map(drop)
    }

    /// What a session that has not ended holds, and when it ends.
    pub async fn load(
        &self,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let sql = "SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2";
        let sql = Sql::new(sql).arg(key).arg(millis(now));
        let row: Option<(String, i64)> = self.0.fetch_optional(sql).await?;
        row.map(|(data, ends)| Ok((data, crate::convert::time(ends)?)))
            .transpose()
    }

    /// Ends a session.
    pub async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let sql = Sql::new("DELETE FROM sessions WHERE id = $1").arg(key);
        self.0.execute(sql).await.map(drop)
    }

    /// Forgets the sessions that have ended.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        let sql = Sql::new("DELETE FROM sessions WHERE expires_at <= $1").arg(millis(now));
        self.0.execute(sql).await.map(drop)
    }
}
