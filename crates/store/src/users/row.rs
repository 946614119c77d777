use tidemark_domain::Role;
use tidemark_services::{error::StoreError, ports::User};
use uuid::Uuid;

use crate::{
    convert::{optional_time, time},
    db::corrupt,
};

pub(super) const COLUMNS: &str = "id, name, role, password_hash, security_stamp, must_change_password, \
                                  failed_attempts, locked_until, disabled_at, last_sign_in_at, created_at";

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: String,
    name: String,
    role: String,
    password_hash: String,
    security_stamp: String,
    must_change_password: i64,
    failed_attempts: i64,
    locked_until: Option<i64>,
    disabled_at: Option<i64>,
    last_sign_in_at: Option<i64>,
    created_at: i64,
}

impl UserRow {
    pub(super) fn read(self) -> Result<User, StoreError> {
        Ok(User {
            id: Uuid::try_parse(&self.id).map_err(corrupt)?,
            name: self.name,
            role: Role::parse(&self.role).ok_or_else(|| corrupt("an unknown role"))?,
            password_hash: self.password_hash,
            security_stamp: Uuid::try_parse(&self.security_stamp).map_err(corrupt)?,
            must_change_password: self.must_change_password != 0,
            failed_attempts: u32::try_from(self.failed_attempts).unwrap_or(u32::MAX),
            locked_until: optional_time(self.locked_until)?,
            disabled_at: optional_time(self.disabled_at)?,
            last_sign_in_at: optional_time(self.last_sign_in_at)?,
            created_at: time(self.created_at)?,
        })
    }
}
