use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Role, UserSummary};
use uuid::Uuid;

use crate::{audit::AuditEntry, error::StoreError};

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
    /// Changes with password and role, and when the user is disabled; a session that carries another stamp is over.
    pub security_stamp: Uuid,
    /// The password must be changed first.
    pub must_change_password: bool,
    /// Attempts on the password since the last success.
    pub failed_attempts: u32,
    /// No sign-in before this.
    pub locked_until: Option<Timestamp>,
    /// No sign-in since then.
    pub disabled_at: Option<Timestamp>,
    /// The last time they signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl User {
    /// Whether this is somebody who can make and unmake users.
    pub fn is_enabled_admin(&self) -> bool {
        self.role == Role::Admin && self.disabled_at.is_none()
    }

    /// The user after a change; none where it changes nothing.
    #[must_use]
    pub fn after(&self, change: &UserChange) -> Option<Self> {
        let mut user = self.clone();
        match change {
            UserChange::Role(role) => user.role = *role,
            UserChange::Disable(at) => user.disabled_at = user.disabled_at.or(Some(*at)),
            UserChange::Enable => user.disabled_at = None,
            UserChange::Password { hash } => {
                user.password_hash.clone_from(hash);
                user.must_change_password = true;
            }
            UserChange::Unlock => {}
        }
        // Who gets a new password is to get in with it.
        if matches!(change, UserChange::Password { .. } | UserChange::Unlock) {
            user.failed_attempts = 0;
            user.locked_until = None;
        }
        if user == *self {
            return None;
        }
        if *change != UserChange::Unlock {
            user.security_stamp = Uuid::new_v4();
        }
        Some(user)
    }

    /// The user as pages and programs see them.
    pub fn summary(&self) -> UserSummary {
        UserSummary {
            name: self.name.clone(),
            role: self.role,
            must_change_password: self.must_change_password,
            locked_until: self.locked_until,
            disabled_at: self.disabled_at,
            last_sign_in_at: self.last_sign_in_at,
            created_at: self.created_at,
        }
    }
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

/// What somebody else changes about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// Another role.
    Role(Role),
    /// No sign-in from that moment on.
    Disable(Timestamp),
    /// Sign-in again.
    Enable,
    /// A password that must be changed at the next sign-in.
    Password {
        /// Argon2id hash in PHC form.
        hash: String,
    },
    /// Forgets the wrong passwords.
    Unlock,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChanged {
    /// The user as they are now; where the change changes nothing, as they were, without an entry.
    Done(User),
    /// Nothing changed: it would leave no admin who can sign in.
    LastAdmin,
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
    /// Creates a user, with its audit entry in one transaction; a conflict when the name is taken. Those that come with a
    /// demo have no entry.
    async fn create(
        &self,
        user: &NewUser,
        at: Timestamp,
        entry: Option<&AuditEntry>,
    ) -> Result<User, StoreError>;

    /// By login name, ignoring case.
    async fn by_name(&self, name: &str) -> Result<Option<User>, StoreError>;

    /// By id.
    async fn by_id(&self, id: Uuid) -> Result<Option<User>, StoreError>;

    /// Every user, by name.
    async fn list(&self) -> Result<Vec<User>, StoreError>;

    /// Changes a user, with its audit entry in one transaction. Of changes at once each sees what the others did, so that
    /// two together cannot leave the console without an admin either.
    async fn change(
        &self,
        id: Uuid,
        change: &UserChange,
        entry: &AuditEntry,
    ) -> Result<UserChanged, StoreError>;

    /// Sets the user's own choice of a password and a new security stamp; a conflict when the stamp is another one by now,
    /// as where the password was reset meanwhile.
    async fn set_password(&self, id: Uuid, stamp: Uuid, hash: &str) -> Result<(), StoreError>;

    /// Counts an attempt on the password as failed before it is looked at, unless the user is locked out, and locks them
    /// out for the pause that so many failures bring. Of attempts at once each counts before the next one is.
    async fn begin_attempt(
        &self,
        id: Uuid,
        at: Timestamp,
        pause_after: fn(u32) -> Option<SignedDuration>,
    ) -> Result<Attempt, StoreError>;

    /// Clears failures and lock after a right password.
    async fn clear_attempts(&self, id: Uuid) -> Result<(), StoreError>;

    /// Records a sign-in: its moment, and clears failures and lock.
    async fn record_sign_in(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError>;
}
