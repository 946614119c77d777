use jiff::Timestamp;
use serde_json::json;
use tidemark_sandbox_backup::{BackupEngine, BackupError, CreateVault, LockRequest, model::Scope};

use super::accounts::{DENYING, DemoAccount, FRANKFURT, IRELAND, MEDIA, ORDERS, RECOVERY, TOOLING};

/// Account, Region, name, whether it has a key that can be shared.
const VAULTS: &[(DemoAccount, &str, &str, bool)] = &[
    (TOOLING, IRELAND, "Default", false),
    (ORDERS, IRELAND, "Default", false),
    (ORDERS, IRELAND, "orders-main", true),
    (ORDERS, IRELAND, "orders-archive", true),
    (ORDERS, IRELAND, "orders-hourly", true),
    (ORDERS, FRANKFURT, "orders-copies", true),
    (MEDIA, IRELAND, "media-main", true),
    (MEDIA, IRELAND, "media-continuous", true),
    (MEDIA, FRANKFURT, "media-copies", true),
    (RECOVERY, FRANKFURT, "dr-locked", true),
    (RECOVERY, FRANKFURT, "dr-unshared", true),
    (DENYING, IRELAND, "erp-main", true),
];

pub(super) fn scope(account: &DemoAccount, region: &str) -> Scope {
    Scope::new(account.account_id, region)
}

pub(super) fn vault_arn(account: &DemoAccount, region: &str, name: &str) -> String {
    format!(
        "arn:aws:backup:{region}:{}:backup-vault:{name}",
        account.account_id
    )
}

/// Makes the vaults. `dr-locked` takes copies from the organization and is locked for good after three
/// days; `dr-unshared` lets nobody in, so that copies to it fail.
pub(super) fn make(backup: &BackupEngine, now: Timestamp) -> Result<(), BackupError> {
    for (account, region, name, own_key) in VAULTS {
        let key = format!(
            "arn:aws:kms:{region}:{}:key/5eed0000-0000-4000-8000-{:012x}",
            account.account_id,
            name.bytes()
                .fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte))
                    & 0xffff_ffff_ffff)
        );
        backup.create_vault(
            &scope(account, region),
            CreateVault {
                name: (*name).to_owned(),
                encryption_key_arn: own_key.then_some(key),
                tags: [("managed-by".to_owned(), "platform".to_owned())].into(),
                ..CreateVault::default()
            },
            now,
        )?;
    }
    let recovery = scope(&RECOVERY, FRANKFURT);
    let welcome = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "CopiesFromTheOrganization",
            "Effect": "Allow",
            "Principal": {"AWS": [
                format!("arn:aws:iam::{}:root", ORDERS.account_id),
                format!("arn:aws:iam::{}:root", MEDIA.account_id),
            ]},
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "*",
        }, {
            "Sid": "NobodyDeletes",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "backup:DeleteRecoveryPoint",
            "Resource": "*",
        }],
    });
    backup.put_access_policy(&recovery, "dr-locked", &welcome.to_string())?;
    backup.put_lock(
        &recovery,
        "dr-locked",
        LockRequest {
            min_retention_days: Some(30),
            max_retention_days: Some(400),
            changeable_for_days: Some(3),
        },
        now,
    )
}
