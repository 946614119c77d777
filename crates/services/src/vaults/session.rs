use tidemark_domain::{
    Partition,
    vaults::{VaultChange, VaultRequest},
};

use crate::calls::{Call, SessionPolicy};

/// All that the credentials of a change of a vault may do: look at it, and make just this change.
pub(super) fn session_policy(request: &VaultRequest) -> SessionPolicy {
    let partition = Partition::of(&request.region).id();
    let mut calls = match &request.change {
        VaultChange::Create(new) => {
            // What was created is deleted again where the rest fails.
            let mut calls = vec![Call::CreateBackupVault, Call::DeleteBackupVault];
            if !new.tags.is_empty() {
                calls.push(Call::TagNewVault);
            }
            if new.policy.is_some() {
                calls.push(Call::PutBackupVaultAccessPolicy);
            }
            calls
        }
        VaultChange::Policy(_) => vec![
            Call::PutBackupVaultAccessPolicy,
            Call::DeleteBackupVaultAccessPolicy,
        ],
        VaultChange::Lock(_) => vec![Call::PutBackupVaultLockConfiguration],
        VaultChange::Unlock => vec![Call::DeleteBackupVaultLockConfiguration],
        VaultChange::Delete => vec![Call::DeleteBackupVault],
    };
    calls.push(Call::GetBackupVaultAccessPolicy);
    let policy = SessionPolicy::new(partition, &request.account, &request.region)
        .allow_any(&[Call::ListBackupVaults])
        .allow(&calls, &[request.arn()]);
    match &request.change {
        VaultChange::Create(new) => match &new.key {
            Some(key) => policy.allow(&[Call::EncryptNewVault], &[key.as_str()]),
            None => policy,
        },
        _ => policy,
    }
}
