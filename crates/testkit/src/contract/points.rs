//! Recovery points: deleting them, changing their lifecycles, holding them; and what vaults tell.

use anyhow::{Context as _, ensure};
use jiff::SignedDuration;
use tidemark_domain::{Arn, RecoveryPoint, change::NewLifecycle};
use tidemark_services::ports::{CloudErrorKind, CopyStart, KeysOf};

use super::{
    CloudEstate,
    backups::backed_up,
    estate::{refused, until},
};

const VAULT: &str = "contract";

async fn listed(estate: &dyn CloudEstate, point: &Arn) -> anyhow::Result<Option<RecoveryPoint>> {
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    ensure!(
        !snapshot
            .partial
            .iter()
            .any(|p| p.part == "legal-holds" || p.part == "vaults"),
        "{:?}",
        snapshot.partial
    );
    Ok(snapshot.points.into_iter().find(|p| p.arn == *point))
}

/// A deleted point is listed no more; deleted again, it is not found.
pub async fn a_deleted_point_is_gone(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    cloud.delete_point(&target, VAULT, &point).await?;
    ensure!(listed(estate, &point).await?.is_none(), "still listed");
    refused(
        cloud.delete_point(&target, VAULT, &point).await,
        CloudErrorKind::NotFound,
    )?;
    Ok(())
}

/// A changed lifecycle is listed with its dates, which count from the point's creation.
pub async fn a_changed_lifecycle_is_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    let lifecycle = NewLifecycle {
        cold_after_days: None,
        delete_after_days: Some(77),
    };
    let (cloud, target) = (estate.cloud(), estate.target());
    cloud
        .update_lifecycle(&target, VAULT, &point, lifecycle)
        .await?;
    let found = listed(estate, &point).await?.context("not listed")?;
    let days = found
        .delete_at
        .context("no date")?
        .duration_since(found.created_at);
    ensure!(days == SignedDuration::from_hours(24 * 77), "{found:?}");
    cloud
        .update_lifecycle(&target, VAULT, &point, NewLifecycle::default())
        .await?;
    let found = listed(estate, &point).await?.context("not listed")?;
    ensure!(found.delete_at.is_none(), "kept for ever: {found:?}");
    Ok(())
}

/// A point under a legal hold says so and is not deleted; the hold is listed with what it covers.
pub async fn a_held_point_says_so_and_stays(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    ensure!(
        !listed(estate, &point).await?.context("not listed")?.held,
        "held before any hold"
    );
    let id = estate.hold(VAULT).await?;
    ensure!(
        listed(estate, &point).await?.context("not listed")?.held,
        "the point does not say that it is held"
    );
    let (cloud, target) = (estate.cloud(), estate.target());
    refused(
        cloud.delete_point(&target, VAULT, &point).await,
        CloudErrorKind::Invalid,
    )?;
    let snapshot = cloud.read_scope(&target).await?;
    let hold = snapshot
        .holds
        .iter()
        .find(|hold| hold.id == id)
        .with_context(|| format!("{id} is not listed: {:?}", snapshot.partial))?;
    ensure!(hold.is_active() && hold.title == "contract", "{hold:?}");
    ensure!(hold.vaults == [VAULT] && hold.points == 1, "{hold:?}");
    Ok(())
}

/// A vault tells its kind, its key, when it was made, and its access policy.
pub async fn a_vault_tells_its_key_and_policy(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault(VAULT).await?;
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
    estate.put_access_policy(VAULT, policy).await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let vault = snapshot
        .vaults
        .iter()
        .find(|v| v.name == VAULT)
        .with_context(|| format!("not listed: {:?}", snapshot.partial))?;
    ensure!(vault.created_at.is_some(), "{vault:?}");
    ensure!(vault.encryption_key.is_some(), "{vault:?}");
    let told = vault.access_policy.as_deref().context("no policy")?;
    ensure!(told.contains("2012-10-17"), "{told}");
    Ok(())
}

/// The same token starts one copy job; its copy lies in the other vault with the lifecycle that was asked for.
pub async fn the_same_token_starts_one_copy(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    estate.create_vault("copies").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let (region, account) = (&target.region, &target.connection.account);
    let destination = format!("arn:aws:backup:{region}:{account}:backup-vault:copies");
    let start = CopyStart {
        point: point.clone(),
        vault: VAULT.to_owned(),
        destination: Arn::parse(destination)?,
        lifecycle: Some(NewLifecycle {
            cold_after_days: None,
            delete_after_days: Some(90),
        }),
        service_role: estate.service_role().await?,
        token: "copy-1".to_owned(),
    };
    let job = cloud.start_copy(&target, &start).await?;
    ensure!(
        cloud.start_copy(&target, &start).await? == job,
        "another job"
    );
    let copy = until(estate, "the copy is made", || async {
        let state = cloud.copy_job(&target, &job).await?;
        ensure!(state.status != "FAILED", "{state:?}");
        Ok(state.copy.filter(|_| state.status == "COMPLETED"))
    })
    .await?;
    let found = listed(estate, &copy).await?.context("not listed")?;
    ensure!(
        found.vault.as_deref() == Some("copies") && found.is_copy(),
        "{found:?}"
    );
    let days = found
        .delete_at
        .context("no date")?
        .duration_since(found.created_at);
    ensure!(days == SignedDuration::from_hours(24 * 90), "{found:?}");
    let unknown = cloud.copy_job(&target, "00000000-0000-0000-0000-000000000000");
    refused(unknown.await, CloudErrorKind::NotFound)?;
    Ok(())
}

/// What copies depend on is told: the key of each point of a vault in a span of time, the organization, its setting.
pub async fn what_copies_depend_on_is_told(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let made = listed(estate, &point).await?.context("not listed")?;
    let of = |from, until| KeysOf {
        vault: VAULT.to_owned(),
        from,
        until,
        at_most: 1_000,
    };
    let at = made.created_at;
    let keys = cloud.point_keys(&target, &of(at, at)).await?;
    ensure!(keys.len() == 1 && keys.contains_key(&point), "{keys:?}");
    let hour = SignedDuration::from_hours(1);
    let before = of(at - hour - hour, at - hour);
    let keys = cloud.point_keys(&target, &before).await?;
    ensure!(keys.is_empty(), "{keys:?}");
    let organization = cloud.organization(&target).await?;
    ensure!(organization.is_some(), "every account is in one here");
    ensure!(
        cloud.cross_account_backup(&target).await?,
        "backups may cross accounts here"
    );
    Ok(())
}
