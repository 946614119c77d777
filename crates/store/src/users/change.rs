use tidemark_domain::Role;
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{User, UserChange, UserChanged},
};
use uuid::Uuid;

use super::{
    row::{COLUMNS, UserRow},
    unknown,
};
use crate::{
    audit::append_within,
    convert::millis,
    db::{Db, Dialect, Sql, Tx},
};

pub(super) async fn change(
    db: &Db,
    id: Uuid,
    change: &UserChange,
    entry: &AuditEntry,
) -> Result<UserChanged, StoreError> {
    let mut tx = db.begin().await?;
    // Held until the end: changes come one after another, so that of two admins who are taken away at once the second
    // finds out that it is the last one.
    tx.lock("audit").await?;
    let before = read(&mut tx, id).await?;
    let Some(after) = before.after(change) else {
        tx.commit().await?;
        return Ok(UserChanged::Done(before));
    };
    let loses_admin = before.is_enabled_admin() && !after.is_enabled_admin();
    if loses_admin && !has_another_admin(&mut tx, id).await? {
        return Ok(UserChanged::LastAdmin);
    }
    write(&mut tx, &after).await?;
    append_within(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(UserChanged::Done(after))
}

/// The user, whose attempts to sign in wait until the change is made.
async fn read(tx: &mut Tx, id: Uuid) -> Result<User, StoreError> {
    let mut sql =
        Sql::new(format!("SELECT {COLUMNS} FROM users WHERE id = $1")).arg(id.to_string());
    if tx.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    let row: Option<UserRow> = tx.fetch_optional(sql).await?;
    row.ok_or_else(|| unknown(id))?.read()
}

async fn has_another_admin(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM users WHERE role = $1 AND disabled_at IS NULL AND id <> $2 LIMIT 1";
    let sql = Sql::new(sql).arg(Role::Admin.as_str()).arg(id.to_string());
    let other: Option<(String,)> = tx.fetch_optional(sql).await?;
    Ok(other.is_some())
}

async fn write(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    let sql = "UPDATE users SET role = $2, password_hash = $3, security_stamp = $4, \
               must_change_password = $5, failed_attempts = $6, locked_until = $7, disabled_at = $8 \
               WHERE id = $1";
    let sql = Sql::new(sql)
        .arg(user.id.to_string())
        .arg(user.role.as_str())
        .arg(user.password_hash.as_str())
        .arg(user.security_stamp.to_string())
        .arg(user.must_change_password)
        .arg(i64::from(user.failed_attempts))
        .arg(user.locked_until.map(millis))
        .arg(user.disabled_at.map(millis));
    tx.execute(sql).await?;
    Ok(())
}
