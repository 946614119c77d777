//! Tables: describing, restoring by DynamoDB itself, deleting.

use anyhow::{Context as _, ensure};
use jiff::{SignedDuration, Timestamp};
use tidemark_services::ports::{CloudErrorKind, TableRestore, TableStatus};

use super::{
    CloudEstate,
    estate::{active, refused},
    until,
};

/// A table that does not exist is none, not an error.
pub async fn a_missing_table_is_none(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.cloud().table(&estate.target(), "absent").await?;
    ensure!(table.is_none(), "{table:?}");
    Ok(())
}

/// A table is described with its ARN and status, and has no window while recovery is off.
pub async fn a_table_is_described(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let arn = estate.create_table("orders", 2).await?;
    let table = active(estate, "orders").await?;
    ensure!(table.arn == arn, "{} is not {arn}", table.arn);
    ensure!(table.identity.created_at.is_some(), "no time of creation");
    ensure!(
        table.pitr.is_none(),
        "a window without recovery: {:?}",
        table.pitr
    );
    ensure!(table.restored_from.is_none(), "{:?}", table.restored_from);
    Ok(())
}

/// Once recovery is on the window is told, and begins no later than it ends.
pub async fn recovery_opens_a_window(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 2).await?;
    let window = turn_recovery_on(estate, "orders").await?;
    ensure!(window.earliest <= window.latest, "{window:?}");
    Ok(())
}

async fn turn_recovery_on(
    estate: &dyn CloudEstate,
    table: &str,
) -> anyhow::Result<tidemark_domain::PitrWindow> {
    let (cloud, target) = (estate.cloud(), estate.target());
    until(estate, "recovery can be turned on", || async {
        match cloud.put_point_in_time_recovery(&target, table, 35).await {
            Ok(()) => Ok(Some(())),
            Err(error) if error.is_retryable() => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    until(estate, "the window is told", || async {
        Ok(cloud.table(&target, table).await?.and_then(|t| t.pitr))
    })
    .await
}

/// Waits until the window reaches a second, and until the next second has begun.
async fn restorable(estate: &dyn CloudEstate, table: &str, at: Timestamp) -> anyhow::Result<()> {
    let (cloud, target) = (estate.cloud(), estate.target());
    until(estate, "the window reaches the second", || async {
        let window = cloud.table(&target, table).await?.and_then(|t| t.pitr);
        let reached = window.is_some_and(|w| w.contains(at) && w.latest > at);
        let passed = estate.now().await? > at + SignedDuration::from_secs(1);
        Ok((reached && passed).then_some(()))
    })
    .await
}

/// A whole second that lies wholly after everything that was done so far.
async fn next_second(estate: &dyn CloudEstate) -> anyhow::Result<Timestamp> {
    let second = Timestamp::from_second(estate.now().await?.as_second() + 1)?;
    until(estate, "the next second", || async {
        Ok((estate.now().await? >= second).then_some(()))
    })
    .await?;
    Ok(second)
}

/// A restore to a second brings back what the table held at that second, not what it holds now, and
/// says what it was restored from. Settings do not come back by themselves.
pub async fn a_restore_to_a_second_brings_back_that_second(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    let source = estate.create_table("orders", 5).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    turn_recovery_on(estate, "orders").await?;
    cloud
        .put_stream(&target, "orders", "NEW_AND_OLD_IMAGES")
        .await?;
    active(estate, "orders").await?;
    let at = next_second(estate).await?;
    restorable(estate, "orders", at).await?;
    estate.set_items("orders", 2).await?;
    let created = cloud
        .restore_table(
            &target,
            &TableRestore::PointInTime {
                source: source.clone(),
                target: "orders-back".to_owned(),
                at,
            },
        )
        .await?;
    ensure!(created.arn.name() == "orders-back", "{created:?}");
    let table = active(estate, "orders-back").await?;
    ensure!(table.arn == created.arn, "{} is not {created:?}", table.arn);
    ensure!(
        table.identity.is(&created.identity) != Some(false),
        "{:?} is not {created:?}",
        table.identity
    );
    let items = estate.items("orders-back").await?;
    ensure!(items == 5, "{items} items instead of 5");
    ensure!(estate.items("orders").await? == 2, "the source changed");
    let (from, _, second) = table.restored_from.context("no source is told")?;
    ensure!(from.as_ref() == Some(&source), "restored from {from:?}");
    ensure!(
        second.as_second() == at.as_second(),
        "restored to {second}, not {at}"
    );
    let settings = cloud.table_settings(&target, "orders-back").await?;
    ensure!(settings.stream_view.is_none(), "{settings:?}");
    ensure!(settings.pitr_days.is_none(), "{settings:?}");
    Ok(())
}

/// A second outside the window is refused as invalid, and nothing is created.
pub async fn a_second_outside_the_window_is_refused(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    let source = estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let window = turn_recovery_on(estate, "orders").await?;
    let hour = SignedDuration::from_hours(1);
    for at in [window.earliest - hour, estate.now().await? + hour] {
        let restore = TableRestore::PointInTime {
            source: source.clone(),
            target: "never".to_owned(),
            at,
        };
        refused(
            cloud.restore_table(&target, &restore).await,
            CloudErrorKind::Invalid,
        )?;
    }
    ensure!(
        cloud.table(&target, "never").await?.is_none(),
        "a table was created"
    );
    Ok(())
}

/// Without recovery there is nothing to restore to.
pub async fn a_restore_without_recovery_is_refused(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let source = estate.create_table("orders", 1).await?;
    let restore = TableRestore::PointInTime {
        source,
        target: "never".to_owned(),
        at: estate.now().await?,
    };
    let answer = estate
        .cloud()
        .restore_table(&estate.target(), &restore)
        .await;
    refused(answer, CloudErrorKind::Invalid)?;
    Ok(())
}

/// A taken name is a conflict, and the table of that name stays as it is.
pub async fn a_taken_name_is_a_conflict(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 3).await?;
    estate.create_table("taken", 1).await?;
    let backup = estate.back_table_up("orders").await?;
    let restore = TableRestore::Backup {
        backup,
        target: "taken".to_owned(),
    };
    let answer = estate
        .cloud()
        .restore_table(&estate.target(), &restore)
        .await;
    let error = refused(answer, CloudErrorKind::Conflict)?;
    ensure!(error.code.is_some(), "{error:?}");
    ensure!(
        estate.items("taken").await? == 1,
        "the table of that name changed"
    );
    Ok(())
}

/// A restore of a table that does not exist says so.
pub async fn a_restore_of_a_missing_table_is_not_found(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    let there = estate.create_table("orders", 1).await?;
    let absent = tidemark_domain::Arn::parse(there.as_str().replace("orders", "absent"))?;
    let restore = TableRestore::PointInTime {
        source: absent,
        target: "never".to_owned(),
        at: estate.now().await?,
    };
    let answer = estate
        .cloud()
        .restore_table(&estate.target(), &restore)
        .await;
    refused(answer, CloudErrorKind::NotFound)?;
    Ok(())
}

/// A restore from an on-demand backup brings back what it holds.
pub async fn a_restore_from_a_backup_brings_it_back(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    estate.create_table("orders", 4).await?;
    let backup = estate.back_table_up("orders").await?;
    estate.set_items("orders", 1).await?;
    let restore = TableRestore::Backup {
        backup,
        target: "orders-back".to_owned(),
    };
    estate
        .cloud()
        .restore_table(&estate.target(), &restore)
        .await?;
    active(estate, "orders-back").await?;
    let items = estate.items("orders-back").await?;
    ensure!(items == 4, "{items} items instead of 4");
    Ok(())
}

/// A table that is made under the name of one that was deleted is told from it, though its ARN is the same.
pub async fn a_table_made_anew_is_another(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let arn = estate.create_table("orders", 1).await?;
    let first = active(estate, "orders").await?;
    let again = active(estate, "orders").await?;
    ensure!(
        first.identity.is(&again.identity) == Some(true),
        "{:?} is not {:?}",
        first.identity,
        again.identity
    );
    cloud.delete_table(&target, "orders").await?;
    until(estate, "the table is gone", || async {
        let table = cloud.table(&target, "orders").await?;
        Ok(table.is_none().then_some(()))
    })
    .await?;
    next_second(estate).await?;
    ensure!(
        estate.create_table("orders", 1).await? == arn,
        "another ARN"
    );
    let second = active(estate, "orders").await?;
    ensure!(
        first.identity.is(&second.identity) == Some(false),
        "{:?} is {:?}",
        first.identity,
        second.identity
    );
    Ok(())
}

/// Deleting succeeds again when the table is on its way or gone.
pub async fn deleting_twice_succeeds(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    cloud.delete_table(&target, "orders").await?;
    cloud.delete_table(&target, "orders").await?;
    until(estate, "the table is gone", || async {
        Ok(cloud
            .table(&target, "orders")
            .await?
            .is_none()
            .then_some(()))
    })
    .await?;
    cloud.delete_table(&target, "orders").await?;
    Ok(())
}

/// A table that is protected from deletion stays.
pub async fn a_protected_table_stays(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    cloud
        .put_deletion_protection(&target, "orders", true)
        .await?;
    active(estate, "orders").await?;
    refused(
        cloud.delete_table(&target, "orders").await,
        CloudErrorKind::Invalid,
    )?;
    let table = cloud
        .table(&target, "orders")
        .await?
        .context("the table is gone")?;
    ensure!(table.status == TableStatus::Active, "{:?}", table.status);
    Ok(())
}
