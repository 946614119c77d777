use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::Role;
use uuid::Uuid;

use crate::error::StoreError;

/// A local user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: Uuid,
    /// Login name, unique ignoring case.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// Changes with password and role; a session that carries another stamp is over.
    pub security_stamp: Uuid,
    /// The password must be changed first.
    pub must_change_password: bool,
    /// Attempts on the password since the last success.
    pub failed_attempts: u32,
    /// No sign-in before this.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// The password must be changed first.
    pub must_change_password: bool,
}

/// What became of an attempt on a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may be looked at; so many have failed since the last success if this one does.
    Counted(u32),
    /// The user is locked out until then; it does not count.
    Locked(Timestamp),
}

/// The local users.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Creates a user; a conflict when the name is taken.
    async fn create(&self, user: &NewUser, at: Timestamp) -> Result<User, StoreError>;

    /// By login name, ignoring case.
    async fn by_name(&self, name: &str) -> Result<Option<User>, StoreError>;

    /// By id.
    async fn by_id(&self, id: Uuid) -> Result<Option<User>, StoreError>;

    /// Every user, by name.
    async fn list(&self) -> Result<Vec<User>, StoreError>;

    /// Sets the password and a new security stamp.
    async fn set_password(&self, id: Uuid, hash: &str, must_change: bool)
    -> Result<(), StoreError>;

    /// Counts an attempt on the password as failed before it is looked at, unless the user is locked out, and locks them
    /// out for the pause that so many failures bring. Of attempts at once each counts before the next one is.
    async fn begin_attempt(
        &self,
        id: Uuid,
        at: Timestamp,
        pause_after: fn(u32) -> Option<SignedDuration>,
    ) -> Result<Attempt, StoreError>;

    /// Records a sign-in: clears failures and lock.
    async fn record_success(&self, id: Uuid) -> Result<(), StoreError>;
}
