use std::time::Duration;

use anyhow::{Context as _, ensure};
use tidemark_aws::{AwsCloud, Settings};
use tidemark_domain::Arn;
use tidemark_sandbox::{FaultKind, FaultRule};
use tidemark_services::ports::{Cloud as _, CloudErrorKind};
use tidemark_testkit::contract::CloudEstate as _;

use super::{count, world};
use crate::setup;

fn rule(service: &str, action: Option<&str>, kind: FaultKind, count: Option<u64>) -> FaultRule {
    FaultRule {
        id: 0,
        service: Some(service.to_owned()),
        account: None,
        region: None,
        action: action.map(str::to_owned),
        kind,
        probability: None,
        count,
    }
}

#[tokio::test]
async fn a_throttled_call_is_tried_again() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    estate.create_table("orders", 1).await?;
    let throttle = rule(
        "dynamodb",
        Some("DescribeTable"),
        FaultKind::Throttle,
        Some(2),
    );
    sandbox.faults().add(throttle);
    sandbox.calls().clear();
    let table = estate.cloud().table(&estate.target(), "orders").await?;
    ensure!(table.is_some(), "the table is not seen");
    ensure!(
        count(&sandbox, "DescribeTable") == 3,
        "{}",
        count(&sandbox, "DescribeTable")
    );
    Ok(())
}

#[tokio::test]
async fn endless_throttling_ends_as_throttled() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    sandbox
        .faults()
        .add(rule("dynamodb", None, FaultKind::Throttle, None));
    let error = estate
        .cloud()
        .table(&estate.target(), "orders")
        .await
        .err()
        .context("no error")?;
    ensure!(
        error.kind == CloudErrorKind::Throttled && error.is_retryable(),
        "{error:?}"
    );
    ensure!(
        error.code.is_some() && error.request_id.is_some(),
        "{error:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_failing_service_is_tried_again_and_then_unavailable() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    estate.create_table("orders", 1).await?;
    let failing = FaultKind::ServerError { status: 500 };
    let once = rule("dynamodb", Some("DescribeTable"), failing, Some(1));
    sandbox.faults().add(once);
    let (cloud, target) = (estate.cloud(), estate.target());
    ensure!(
        cloud.table(&target, "orders").await?.is_some(),
        "the table is not seen"
    );
    sandbox.faults().add(rule("dynamodb", None, failing, None));
    let error = cloud
        .table(&target, "orders")
        .await
        .err()
        .context("no error")?;
    ensure!(error.kind == CloudErrorKind::Unavailable, "{error:?}");
    ensure!(error.status == Some(500), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_deletion_is_tried_again_only_when_it_surely_had_no_effect() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let point = Arn::parse("arn:aws:backup:eu-west-1:222222222222:recovery-point:p-1")?;
    for (kind, expected, asked) in [
        (
            FaultKind::ServerError { status: 500 },
            CloudErrorKind::Unavailable,
            1,
        ),
        (FaultKind::Throttle, CloudErrorKind::Throttled, 4),
    ] {
        sandbox.faults().remove(None);
        sandbox
            .faults()
            .add(rule("backup", Some("DeleteRecoveryPoint"), kind, None));
        sandbox.calls().clear();
        let error = cloud
            .delete_point(&target, "main", &point)
            .await
            .err()
            .context("no error")?;
        ensure!(error.kind == expected, "{error:?}");
        ensure!(
            count(&sandbox, "DeleteRecoveryPoint") == asked,
            "{kind:?}: {} calls",
            count(&sandbox, "DeleteRecoveryPoint")
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_slow_service_times_out_within_the_deadline() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    let slow = FaultKind::Latency { latency_ms: 60_000 };
    sandbox.faults().add(rule("dynamodb", None, slow, None));
    let settings = Settings {
        operation_timeout: Duration::from_millis(700),
        ..setup::settings()
    };
    let factory = setup::factory(sandbox.endpoint_url())
        .settings(settings)
        .build()
        .await;
    let cloud = AwsCloud::new(factory);
    let target = estate.target();
    let answer = tokio::time::timeout(Duration::from_secs(30), cloud.table(&target, "orders"))
        .await
        .context("the deadline is not kept")?;
    let error = answer.err().context("no error")?;
    ensure!(error.kind == CloudErrorKind::Timeout, "{error:?}");
    ensure!(error.message.contains(sandbox.endpoint_url()), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_slow_account_does_not_hold_the_others_up() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    let other = crate::estate::WireEstate::new(sandbox.endpoint_url(), None).await?;
    estate.create_table("orders", 1).await?;
    let mut slow = rule(
        "dynamodb",
        None,
        FaultKind::Latency { latency_ms: 60_000 },
        None,
    );
    slow.account = Some(other.target().connection.account.to_string());
    sandbox.faults().add(slow);
    let (cloud, target, stuck) = (estate.cloud(), estate.target(), other.target());
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let (cloud, stuck) = (estate.cloud(), stuck.clone());
            tokio::spawn(async move { cloud.table(&stuck, "orders").await.map(|_| ()) })
        })
        .collect();
    for _ in 0..30 {
        let table = tokio::time::timeout(Duration::from_secs(20), cloud.table(&target, "orders"))
            .await
            .context("held up by the slow account")??;
        ensure!(table.is_some(), "the table is not seen");
    }
    ensure!(
        waiting.iter().all(|w| !w.is_finished()),
        "the slow account is not slow"
    );
    for task in waiting {
        task.abort();
    }
    Ok(())
}

#[tokio::test]
async fn a_scope_that_fails_in_one_service_keeps_the_others() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    estate.create_table("orders", 1).await?;
    let dropped = rule("rds", None, FaultKind::Drop, None);
    sandbox.faults().add(dropped);
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    ensure!(
        snapshot.resources.iter().any(|r| r.name == "orders"),
        "{snapshot:?}"
    );
    let rds = snapshot
        .partial
        .iter()
        .find(|p| p.part == "RDS")
        .context("RDS is whole")?;
    ensure!(
        rds.error.cause == tidemark_domain::ScopeCause::Endpoint,
        "{rds:?}"
    );
    ensure!(
        rds.error.message.contains(sandbox.endpoint_url()),
        "{rds:?}"
    );
    Ok(())
}
