//! Vaults created, locked and held, as the runs that change them find and make them.

use anyhow::{Context as _, ensure};
use tidemark_domain::{
    VaultName,
    vaults::{HoldRelease, LockMode, LockWish, NewHold, NewVault},
};
use tidemark_services::ports::{CloudErrorKind, FoundVault, Target, VaultCloud};

use super::estate::refused;

async fn found(
    cloud: &dyn VaultCloud,
    target: &Target,
    name: &VaultName,
) -> anyhow::Result<FoundVault> {
    let found = cloud.vault(target, name).await?;
    found.context("the vault is not there")
}

/// A vault is none, then made once by its token, then gone; made by another token it is a conflict.
pub async fn a_vault_comes_and_goes(
    cloud: &dyn VaultCloud,
    target: &Target,
    new: &NewVault,
) -> anyhow::Result<()> {
    let name = VaultName::parse("made-here")?;
    ensure!(cloud.vault(target, &name).await?.is_none(), "there before");
    for _ in 0..2 {
        cloud.create_vault(target, &name, new, "token-1").await?;
    }
    let made = found(cloud, target, &name).await?;
    ensure!(made.token.as_deref() == Some("token-1"), "{made:?}");
    ensure!(made.vault.points == 0 && !made.vault.locked, "{made:?}");
    ensure!(made.vault.created_at.is_some(), "{made:?}");
    if new.key.is_some() {
        ensure!(made.vault.encryption_key == new.key, "{made:?}");
    }
    refused(
        cloud.create_vault(target, &name, new, "token-2").await,
        CloudErrorKind::Conflict,
    )?;
    for _ in 0..2 {
        cloud.delete_vault(target, &name).await?;
    }
    ensure!(cloud.vault(target, &name).await?.is_none(), "still there");
    Ok(())
}

/// An access policy comes back byte for byte, and goes; a vault that is not there has none to change.
pub async fn a_vault_policy_comes_and_goes_byte_for_byte(
    cloud: &dyn VaultCloud,
    target: &Target,
) -> anyhow::Result<()> {
    let name = VaultName::parse("ruled")?;
    let new = NewVault::default();
    cloud.create_vault(target, &name, &new, "token-3").await?;
    ensure!(
        cloud.vault_policy(target, &name).await?.is_none(),
        "a policy"
    );
    let policy = r#"{ "Version":"2012-10-17",  "Statement":[{"Sid":"One","Effect":"Deny","Principal":"*","Action":"backup:DeleteRecoveryPoint","Resource":"*"}] }"#;
    cloud.put_vault_policy(target, &name, Some(policy)).await?;
    let put = cloud.vault_policy(target, &name).await?;
    ensure!(put.as_deref() == Some(policy), "{put:?}");
    for _ in 0..2 {
        cloud.put_vault_policy(target, &name, None).await?;
    }
    ensure!(
        cloud.vault_policy(target, &name).await?.is_none(),
        "still there"
    );
    let nowhere = VaultName::parse("nowhere")?;
    refused(
        cloud.put_vault_policy(target, &nowhere, Some(policy)).await,
        CloudErrorKind::NotFound,
    )?;
    Ok(())
}

/// A lock in governance mode has no date and is removed; one in compliance mode has one.
pub async fn a_lock_is_set_and_removed(
    cloud: &dyn VaultCloud,
    target: &Target,
) -> anyhow::Result<()> {
    let name = VaultName::parse("locked")?;
    let new = NewVault::default();
    cloud.create_vault(target, &name, &new, "token-4").await?;
    let governance = LockWish {
        min_retention_days: Some(7),
        max_retention_days: Some(365),
        ..LockWish::default()
    };
    cloud.put_vault_lock(target, &name, &governance).await?;
    let vault = found(cloud, target, &name).await?.vault;
    ensure!(vault.locked && vault.lock_date.is_none(), "{vault:?}");
    ensure!(vault.min_retention_days == Some(7), "{vault:?}");
    ensure!(vault.max_retention_days == Some(365), "{vault:?}");
    let compliance = LockWish {
        mode: LockMode::Compliance,
        changeable_for_days: Some(3),
        ..LockWish::default()
    };
    cloud.put_vault_lock(target, &name, &compliance).await?;
    let vault = found(cloud, target, &name).await?.vault;
    ensure!(vault.locked && vault.lock_date.is_some(), "{vault:?}");
    ensure!(vault.min_retention_days.is_none(), "{vault:?}");
    cloud.delete_vault_lock(target, &name).await?;
    let vault = found(cloud, target, &name).await?.vault;
    ensure!(!vault.locked && vault.lock_date.is_none(), "{vault:?}");
    Ok(())
}

/// A lock whose date has passed is neither changed nor removed; `later` moves the world's clock past it.
pub async fn a_lock_past_its_date_is_immutable<F>(
    cloud: &dyn VaultCloud,
    target: &Target,
    later: impl FnOnce() -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = ()>,
{
    let name = VaultName::parse("forever")?;
    let new = NewVault::default();
    cloud.create_vault(target, &name, &new, "token-5").await?;
    let lock = LockWish {
        mode: LockMode::Compliance,
        changeable_for_days: Some(3),
        ..LockWish::default()
    };
    cloud.put_vault_lock(target, &name, &lock).await?;
    later().await;
    refused(
        cloud.put_vault_lock(target, &name, &lock).await,
        CloudErrorKind::Invalid,
    )?;
    refused(
        cloud.delete_vault_lock(target, &name).await,
        CloudErrorKind::Invalid,
    )?;
    Ok(())
}

/// A hold is made once by its token, and released with a reason once.
pub async fn a_hold_is_made_and_released(
    cloud: &dyn VaultCloud,
    target: &Target,
) -> anyhow::Result<()> {
    let new = NewHold {
        title: "contract".to_owned(),
        description: "asked by counsel".to_owned(),
        vaults: vec![VaultName::parse("Default")?],
        from: Some("2026-01-01T00:00:00Z".parse()?),
        until: Some("2026-01-31T23:59:59Z".parse()?),
        ..NewHold::default()
    };
    let id = cloud.create_hold(target, &new, "token-6").await?;
    ensure!(
        cloud.create_hold(target, &new, "token-6").await? == id,
        "made twice"
    );
    let hold = cloud.hold(target, &id).await?.context("not there")?;
    ensure!(hold.is_active() && hold.title == new.title, "{hold:?}");
    ensure!(hold.vaults == ["Default"], "{hold:?}");
    ensure!(hold.from == new.from && hold.until == new.until, "{hold:?}");
    let release = HoldRelease {
        hold: id.clone(),
        retain_record_days: Some(30),
    };
    cloud
        .cancel_hold(target, &release, "the case is closed")
        .await?;
    let hold = cloud.hold(target, &id).await?.context("no record")?;
    ensure!(!hold.is_active() && hold.cancelled_at.is_some(), "{hold:?}");
    let again = cloud.cancel_hold(target, &release, "once more").await;
    ensure!(again.is_err(), "released twice");
    ensure!(
        cloud
            .hold(target, "00000000-0000-4000-8000-00000000dead")
            .await?
            .is_none()
    );
    Ok(())
}
