use std::{collections::HashMap, fmt::Display};

use async_trait::async_trait;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tidemark_services::StoreError;
use tidemark_store::Sessions;
use tower_sessions::{
    MemoryStore, SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Where sessions are kept: in the same database as everything else. It knows them by a digest of what the browser holds,
/// so that whoever reads the database cannot sign in with it.
#[derive(Clone, Debug)]
pub enum SessionStorage {
    /// The console's database.
    Database(Box<Sessions>),
    /// Memory, for tests of one process.
    Memory(MemoryStore),
}

impl SessionStorage {
    /// Deletes the sessions that have ended.
    pub async fn delete_expired(&self) -> Result<()> {
        match self {
            Self::Database(sessions) => sessions
                .delete_expired(Timestamp::now())
                .await
                .map_err(failed),
            // It forgets them when they are asked for.
            Self::Memory(_) => Ok(()),
        }
    }
}

#[async_trait]
impl SessionStore for SessionStorage {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let sessions = match self {
            Self::Database(sessions) => sessions,
            Self::Memory(store) => return store.create(record).await,
        };
        let (data, ends) = (data(record)?, ends(record)?);
        while !sessions
            .create(&digest(&record.id), &data, ends)
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        match self {
            Self::Database(sessions) => sessions
                .save(&digest(&record.id), &data(record)?, ends(record)?)
                .await
                .map_err(failed),
            Self::Memory(store) => store.save(record).await,
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let sessions = match self {
            Self::Database(sessions) => sessions,
            Self::Memory(store) => return store.load(id).await,
        };
        let found = sessions.load(&digest(id), Timestamp::now()).await;
        let Some((data, ends)) = found.map_err(failed)? else {
            return Ok(None);
        };
        let data: HashMap<String, serde_json::Value> =
            serde_json::from_str(&data).map_err(unreadable)?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: OffsetDateTime::from_unix_timestamp(ends.as_second())
                .map_err(unreadable)?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match self {
            Self::Database(sessions) => sessions.delete(&digest(id)).await.map_err(failed),
            Self::Memory(store) => store.delete(id).await,
        }
    }
}

/// What the database knows a session by.
fn digest(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string()))
}

fn data(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn ends(record: &Record) -> Result<Timestamp> {
    Timestamp::from_second(record.expiry_date.unix_timestamp())
        .map_err(|error| Error::Encode(error.to_string()))
}

fn unreadable(error: impl Display) -> Error {
    Error::Decode(error.to_string())
}

/// In words for people; what the database reports goes into the log.
fn failed(error: StoreError) -> Error {
    if let StoreError::Unavailable { source, .. } = &error {
        tracing::debug!(%source, "A session could not be looked up or kept");
    } else {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "A session could not be looked up or kept"
        );
    }
    Error::Backend(error.to_string())
}
