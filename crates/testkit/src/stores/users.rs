use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{Attempt, AuditLog, NewUser, User, UserChange, UserChanged, UserStore},
};
use uuid::Uuid;

/// Local users in memory, over an audit log. Clones share them.
#[derive(Clone)]
pub struct FakeUserStore {
    users: Arc<Mutex<BTreeMap<Uuid, User>>>,
    audit: Arc<dyn AuditLog>,
}

impl FakeUserStore {
    /// No users yet.
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self {
            users: Arc::default(),
            audit,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, user: &NewUser, at: Timestamp) -> Result<User, StoreError> {
        let mut users = self.lock();
        let taken = |u: &User| u.name.to_lowercase() == user.name.to_lowercase();
        if users.values().any(taken) {
            return Err(StoreError::Conflict(format!(
                "the name {} is taken",
                user.name
            )));
        }
        let user = User {
            id: Uuid::now_v7(),
            name: user.name.clone(),
            role: user.role,
            password_hash: user.password_hash.clone(),
            security_stamp: Uuid::new_v4(),
            must_change_password: user.must_change_password,
            failed_attempts: 0,
            locked_until: None,
            disabled_at: None,
            last_sign_in_at: None,
            created_at: at,
        };
        users.insert(user.id, user.clone());
        Ok(user)
    }

    /// The user after the change, and whether it changed anything.
    fn changed(&self, id: Uuid, change: &UserChange) -> Result<(UserChanged, bool), StoreError> {
        let mut users = self.lock();
        let before = users.get(&id).ok_or_else(unknown)?;
        let Some(after) = before.after(change) else {
            return Ok((UserChanged::Done(before.clone()), false));
        };
        let others = users.values().filter(|user| user.id != id);
        let loses_admin = before.is_enabled_admin() && !after.is_enabled_admin();
        if loses_admin && !others.into_iter().any(User::is_enabled_admin) {
            return Ok((UserChanged::LastAdmin, false));
        }
        users.insert(id, after.clone());
        Ok((UserChanged::Done(after), true))
    }

    fn edit<T>(&self, id: Uuid, edit: impl FnOnce(&mut User) -> T) -> Result<T, StoreError> {
        self.lock().get_mut(&id).map(edit).ok_or_else(unknown)
    }
}

fn unknown() -> StoreError {
    StoreError::NotFound("the user".to_owned())
}

#[async_trait]
impl UserStore for FakeUserStore {
    async fn create(
        &self,
        user: &NewUser,
        at: Timestamp,
        entry: Option<&AuditEntry>,
    ) -> Result<User, StoreError> {
        let user = self.add(user, at)?;
        if let Some(entry) = entry {
            self.audit.append(entry).await?;
        }
        Ok(user)
    }

    async fn by_name(&self, name: &str) -> Result<Option<User>, StoreError> {
        let name = name.to_lowercase();
        Ok(self
            .lock()
            .values()
            .find(|u| u.name.to_lowercase() == name)
            .cloned())
    }

    async fn by_id(&self, id: Uuid) -> Result<Option<User>, StoreError> {
        Ok(self.lock().get(&id).cloned())
    }

    async fn list(&self) -> Result<Vec<User>, StoreError> {
        let mut users: Vec<User> = self.lock().values().cloned().collect();
        users.sort_by_key(|u| u.name.to_lowercase());
        Ok(users)
    }

    async fn change(
        &self,
        id: Uuid,
        change: &UserChange,
        entry: &AuditEntry,
    ) -> Result<UserChanged, StoreError> {
        let (outcome, changed) = self.changed(id, change)?;
        if changed {
            self.audit.append(entry).await?;
        }
        Ok(outcome)
    }

    async fn set_password(&self, id: Uuid, stamp: Uuid, hash: &str) -> Result<(), StoreError> {
        self.edit(id, |user| {
            if user.security_stamp != stamp {
                return Err(StoreError::Conflict("changed meanwhile".to_owned()));
            }
            hash.clone_into(&mut user.password_hash);
            user.must_change_password = false;
            user.security_stamp = Uuid::new_v4();
            Ok(())
        })?
    }

    async fn begin_attempt(
        &self,
        id: Uuid,
        at: Timestamp,
        pause_after: fn(u32) -> Option<SignedDuration>,
    ) -> Result<Attempt, StoreError> {
        self.edit(id, |user| {
            if let Some(until) = user.locked_until.filter(|until| *until > at) {
                return Attempt::Locked(until);
            }
            user.failed_attempts += 1;
            user.locked_until = pause_after(user.failed_attempts).map(|pause| at + pause);
            Attempt::Counted(user.failed_attempts)
        })
    }

    async fn clear_attempts(&self, id: Uuid) -> Result<(), StoreError> {
        self.edit(id, |user| {
            user.failed_attempts = 0;
            user.locked_until = None;
        })
    }

    async fn record_sign_in(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        self.edit(id, |user| {
            user.failed_attempts = 0;
            user.locked_until = None;
            user.last_sign_in_at = Some(at);
        })
    }
}
