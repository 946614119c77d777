use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_services::{
    error::StoreError,
    ports::{Attempt, NewUser, User, UserStore},
};
use uuid::Uuid;

/// Local users in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeUserStore(Arc<Mutex<BTreeMap<Uuid, User>>>);

impl FakeUserStore {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, User>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, id: Uuid, change: impl FnOnce(&mut User) -> T) -> Result<T, StoreError> {
        self.lock()
            .get_mut(&id)
            .map(change)
            .ok_or_else(|| StoreError::NotFound("the user".to_owned()))
    }
}

#[async_trait]
impl UserStore for FakeUserStore {
    async fn create(&self, user: &NewUser, at: Timestamp) -> Result<User, StoreError> {
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
            created_at: at,
        };
        users.insert(user.id, user.clone());
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

    async fn set_password(
        &self,
        id: Uuid,
        hash: &str,
        must_change: bool,
    ) -> Result<(), StoreError> {
        self.change(id, |user| {
            hash.clone_into(&mut user.password_hash);
            user.must_change_password = must_change;
            user.security_stamp = Uuid::new_v4();
        })
    }

    async fn begin_attempt(
        &self,
        id: Uuid,
        at: Timestamp,
        pause_after: fn(u32) -> Option<SignedDuration>,
    ) -> Result<Attempt, StoreError> {
        self.change(id, |user| {
            if let Some(until) = user.locked_until.filter(|until| *until > at) {
                return Attempt::Locked(until);
            }
            user.failed_attempts += 1;
            user.locked_until = pause_after(user.failed_attempts).map(|pause| at + pause);
            Attempt::Counted(user.failed_attempts)
        })
    }

    async fn record_success(&self, id: Uuid) -> Result<(), StoreError> {
        self.change(id, |user| {
            user.failed_attempts = 0;
            user.locked_until = None;
        })
    }
}
