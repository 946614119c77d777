//! The local users.

mod begin_attempt;
mod by_id;
mod by_name;
mod change;
mod clear_attempts;
mod create;
mod list;
mod record_sign_in;
mod row;
mod set_password;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{Attempt, NewUser, User, UserChange, UserChanged, UserStore},
};
use uuid::Uuid;

use crate::db::Db;

/// [`UserStore`] in SQL.
pub(crate) struct SqlUsers(pub(crate) Db);

fn unknown(id: Uuid) -> StoreError {
    StoreError::NotFound(format!("user {id}"))
}

#[async_trait]
impl UserStore for SqlUsers {
    async fn create(
        &self,
        user: &NewUser,
        at: Timestamp,
        entry: Option<&AuditEntry>,
    ) -> Result<User, StoreError> {
        create::create(&self.0, user, at, entry).await
    }

    async fn by_name(&self, name: &str) -> Result<Option<User>, StoreError> {
        by_name::by_name(&self.0, name).await
    }

    async fn by_id(&self, id: Uuid) -> Result<Option<User>, StoreError> {
        by_id::by_id(&self.0, id).await
    }

    async fn list(&self) -> Result<Vec<User>, StoreError> {
        list::list(&self.0).await
    }

    async fn change(
        &self,
        id: Uuid,
        change: &UserChange,
        entry: &AuditEntry,
    ) -> Result<UserChanged, StoreError> {
        change::change(&self.0, id, change, entry).await
    }

    async fn set_password(&self, id: Uuid, stamp: Uuid, hash: &str) -> Result<(), StoreError> {
        set_password::set_password(&self.0, id, stamp, hash).await
    }

    async fn begin_attempt(
        &self,
        id: Uuid,
        at: Timestamp,
        pause_after: fn(u32) -> Option<SignedDuration>,
    ) -> Result<Attempt, StoreError> {
        begin_attempt::begin_attempt(&self.0, id, at, pause_after).await
    }

    async fn clear_attempts(&self, id: Uuid) -> Result<(), StoreError> {
        clear_attempts::clear_attempts(&self.0, id).await
    }

    async fn record_sign_in(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        record_sign_in::record_sign_in(&self.0, id, at).await
    }
}
