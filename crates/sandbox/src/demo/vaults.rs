use std::collections::HashMap;

use awsim_core::AccountRegionStore;
use awsim_kms::state::{KmsKey, KmsState};
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

/// The vaults whose keys nobody has shared with the account that keeps copies.
const UNSHARED: &[&str] = &["orders-hourly", "erp-main"];

fn key_id(name: &str) -> String {
    let number = name.bytes().fold(0_u64, |sum, byte| {
        (sum * 31 + u64::from(byte)) & 0xffff_ffff_ffff
    });
    format!("5eed0000-0000-4000-8000-{number:012x}")
}

fn key_arn(account: &DemoAccount, region: &str, name: &str) -> String {
    let (id, account) = (key_id(name), account.account_id);
    format!("arn:aws:kms:{region}:{account}:key/{id}")
}

/// Makes the keys of the vaults. Most are shared with the account that keeps copies, as AWS's guide asks for.
pub(super) fn make_keys(keys: &AccountRegionStore<KmsState>) {
    for (account, region, name, _) in VAULTS.iter().filter(|(.., own_key)| *own_key) {
        let mut statements = vec![json!({
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{}:root", account.account_id)},
            "Action": "kms:*",
            "Resource": "*",
        })];
        if !UNSHARED.contains(name) {
            statements.push(json!({
                "Sid": "CopiesToDisasterRecovery",
                "Effect": "Allow",
                "Principal": {"AWS": format!("arn:aws:iam::{}:root", RECOVERY.account_id)},
                "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
            }));
        }
        let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let id = key_id(name);
        let key = KmsKey {
            key_id: id.clone(),
            arn: key_arn(account, region, name),
            description: format!("Backups in vault {name}"),
            key_state: "Enabled".to_owned(),
            key_spec: "SYMMETRIC_DEFAULT".to_owned(),
            key_usage: "ENCRYPT_DECRYPT".to_owned(),
            creation_date: 0.0,
            secret: vec![7; 32],
            deletion_date: None,
            rotation_enabled: true,
            policies: [("default".to_owned(), policy)].into(),
            tags: HashMap::new(),
            key_material_imported: false,
            origin: "AWS_KMS".to_owned(),
            private_key: Vec::new(),
        };
        keys.get(account.account_id, region).keys.insert(id, key);
    }
}

/// Makes the vaults. `dr-locked` takes copies from the organization and is locked for good after three
/// days; `dr-unshared` lets nobody in, so that copies to it fail.
pub(super) fn make(backup: &BackupEngine, now: Timestamp) -> Result<(), BackupError> {
    for (account, region, name, own_key) in VAULTS {
        let key = key_arn(account, region, name);
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
