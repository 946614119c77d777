//! The settings of a table: put on, read back, and put on again.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use tidemark_domain::ScalingTarget;
use tidemark_services::ports::CloudErrorKind;

use super::{
    CloudEstate,
    estate::{active, refused},
    until,
};

/// A stream is put on; putting it on again changes nothing and succeeds.
pub async fn a_stream_is_put_on_twice(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    for _ in 0..2 {
        cloud.put_stream(&target, "orders", "NEW_IMAGE").await?;
        active(estate, "orders").await?;
    }
    let settings = cloud.table_settings(&target, "orders").await?;
    ensure!(
        settings.stream_view.as_deref() == Some("NEW_IMAGE"),
        "{settings:?}"
    );
    Ok(())
}

/// A stream of another view type is not silently replaced.
pub async fn another_stream_is_refused(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    cloud.put_stream(&target, "orders", "NEW_IMAGE").await?;
    active(estate, "orders").await?;
    let error = match cloud.put_stream(&target, "orders", "KEYS_ONLY").await {
        Ok(()) => anyhow::bail!("the stream was replaced"),
        Err(error) => error,
    };
    // DynamoDB has worded this as ValidationException and as ResourceInUseException.
    let kinds = [CloudErrorKind::Invalid, CloudErrorKind::Conflict];
    ensure!(kinds.contains(&error.kind), "{error:?}");
    Ok(())
}

/// Time to live is put on; putting it on again changes nothing and succeeds.
pub async fn time_to_live_is_put_on_twice(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    for _ in 0..2 {
        cloud.put_time_to_live(&target, "orders", "expires").await?;
    }
    let settings = cloud.table_settings(&target, "orders").await?;
    ensure!(
        settings.ttl_attribute.as_deref() == Some("expires"),
        "{settings:?}"
    );
    Ok(())
}

/// Point-in-time recovery is put on with its period; putting it on again succeeds.
pub async fn recovery_is_put_on_twice(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    until(estate, "recovery can be turned on", || async {
        match cloud.put_point_in_time_recovery(&target, "orders", 7).await {
            Ok(()) => Ok(Some(())),
            Err(error) if error.is_retryable() => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    cloud
        .put_point_in_time_recovery(&target, "orders", 7)
        .await?;
    let settings = cloud.table_settings(&target, "orders").await?;
    ensure!(settings.pitr_days == Some(7), "{settings:?}");
    Ok(())
}

/// Deletion protection is put on twice and taken off.
pub async fn protection_is_put_on_and_off(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    for on in [true, true, false] {
        cloud.put_deletion_protection(&target, "orders", on).await?;
        active(estate, "orders").await?;
        let settings = cloud.table_settings(&target, "orders").await?;
        ensure!(settings.deletion_protection == on, "{settings:?}");
    }
    Ok(())
}

/// Tags are added to those that are there, and overwrite those of the same key.
pub async fn tags_are_added(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let tags = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    cloud
        .tag_table(
            &target,
            &table,
            &tags(&[("owner", "ann"), ("stage", "dev")]),
        )
        .await?;
    cloud
        .tag_table(&target, &table, &tags(&[("stage", "prod")]))
        .await?;
    let found = cloud.table_tags(&target, &table).await?;
    ensure!(
        found == tags(&[("owner", "ann"), ("stage", "prod")]),
        "{found:?}"
    );
    let settings = cloud.table_settings(&target, "orders").await?;
    ensure!(settings.tags == found, "{settings:?}");
    Ok(())
}

/// Auto scaling with its policy is put on, read back as it was, and put on again.
pub async fn scaling_is_put_on_twice(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let policy = serde_json::json!({
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        "ScaleInCooldown": 60,
        "ScaleOutCooldown": 30,
    });
    let scaling = ScalingTarget {
        resource_id: "table/orders".to_owned(),
        dimension: "dynamodb:table:ReadCapacityUnits".to_owned(),
        min: 1,
        max: 10,
        policy: Some(("orders-read".to_owned(), policy.to_string())),
    };
    for _ in 0..2 {
        cloud.put_scaling(&target, &scaling).await?;
    }
    let settings = cloud.table_settings(&target, "orders").await?;
    let [found] = &settings.scaling[..] else {
        anyhow::bail!("{settings:?}");
    };
    ensure!((found.min, found.max) == (1, 10), "{found:?}");
    ensure!(found.dimension == scaling.dimension, "{found:?}");
    let (name, json) = found.policy.as_ref().context("no policy")?;
    let found: serde_json::Value = serde_json::from_str(json)?;
    ensure!(name == "orders-read" && found == policy, "{name}: {found}");
    Ok(())
}

/// A table without settings has none, and one that does not exist is not found.
pub async fn a_plain_table_has_no_settings(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("plain", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let settings = cloud.table_settings(&target, "plain").await?;
    ensure!(
        settings == tidemark_domain::TableSettings::default(),
        "{settings:?}"
    );
    refused(
        cloud.table_settings(&target, "absent").await,
        CloudErrorKind::NotFound,
    )?;
    Ok(())
}
