use std::collections::BTreeMap;

use tidemark_domain::{Arn, copies::PointKey};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, KeysOf},
};

use crate::{access::Access, convert};

/// Which key encrypts each point of a vault that was made in a span of time (`ListRecoveryPointsByBackupVault`, 1,000 per
/// page).
pub(super) async fn point_keys(
    access: &Access,
    of: &KeysOf,
) -> Result<BTreeMap<Arn, PointKey>, CloudError> {
    let mut keys = BTreeMap::new();
    let mut token: Option<String> = None;
    loop {
        let page = access
            .read(Call::ListRecoveryPointsByBackupVault, || {
                access
                    .clients
                    .backup()
                    .list_recovery_points_by_backup_vault()
                    .backup_vault_name(&of.vault)
                    // Both bounds are exclusive.
                    .by_created_after(convert::seconds(before(of.from)))
                    .by_created_before(convert::seconds(after(of.until)))
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        for point in page.recovery_points() {
            let Some(arn) = convert::arn(point.recovery_point_arn()) else {
                continue;
            };
            let key = match point.encryption_key_arn() {
                Some(key) => PointKey::Key(key.to_owned()),
                None if point.is_encrypted() => PointKey::Unknown,
                None => PointKey::Plain,
            };
            keys.insert(arn, key);
        }
        match page.next_token.filter(|next| !next.is_empty()) {
            Some(next) if Some(&next) != token.as_ref() && keys.len() < of.at_most => {
                token = Some(next);
            }
            _ => return Ok(keys),
        }
    }
}

fn before(at: jiff::Timestamp) -> jiff::Timestamp {
    at.checked_sub(jiff::SignedDuration::from_secs(1))
        .unwrap_or(at)
}

fn after(at: jiff::Timestamp) -> jiff::Timestamp {
    at.checked_add(jiff::SignedDuration::from_secs(1))
        .unwrap_or(at)
}
