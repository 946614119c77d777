use jiff::Timestamp;
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{NewUser, User},
};
use uuid::Uuid;

use crate::{
    audit::append_within,
    convert::{millis, time},
    db::{Db, Sql},
};

pub(super) async fn create(
    db: &Db,
    new: &NewUser,
    at: Timestamp,
    entry: Option<&AuditEntry>,
) -> Result<User, StoreError> {
    let user = User {
        id: Uuid::now_v7(),
        name: new.name.clone(),
        role: new.role,
        password_hash: new.password_hash.clone(),
        security_stamp: Uuid::new_v4(),
        must_change_password: new.must_change_password,
        failed_attempts: 0,
        locked_until: None,
        disabled_at: None,
        last_sign_in_at: None,
        created_at: time(millis(at))?,
    };
    let sql = "INSERT INTO users (id, name, name_key, role, password_hash, security_stamp, \
               must_change_password, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (name_key) DO NOTHING";
    let sql = Sql::new(sql)
        .arg(user.id.to_string())
        .arg(user.name.as_str())
        .arg(user.name.to_lowercase())
        .arg(user.role.as_str())
        .arg(user.password_hash.as_str())
        .arg(user.security_stamp.to_string())
        .arg(user.must_change_password)
        .arg(millis(at));
    let mut tx = db.begin().await?;
    if tx.execute(sql).await? == 0 {
        return Err(StoreError::Conflict(format!(
            "the name {} is taken",
            user.name
        )));
    }
    if let Some(entry) = entry {
        append_within(&mut tx, entry).await?;
    }
    tx.commit().await?;
    Ok(user)
}
