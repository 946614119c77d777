use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use anyhow::ensure;
use jiff::{SignedDuration, Timestamp};
use tidemark_aws::AwsCloud;
use tidemark_domain::SessionName;
use tidemark_sandbox::CallFilter;
use tidemark_services::ports::{Cloud as _, CloudErrorKind};
use tidemark_testkit::contract::CloudEstate as _;

use super::{count, stub::Stub, world};
use crate::setup;

#[tokio::test]
async fn each_call_names_role_session_and_user() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    estate.create_table("orders", 1).await?;
    let mut target = estate.target();
    target.session.session_name = SessionName::from_text("run-0192");
    target.session.source_identity = Some(SessionName::from_text("ann"));
    sandbox.calls().clear();
    estate.cloud().table(&target, "orders").await?;
    estate
        .cloud()
        .put_time_to_live(&target, "orders", "expires")
        .await?;
    let account = target.connection.account.to_string();
    let calls = sandbox.calls().list(&CallFilter {
        account: Some(account.clone()),
        ..CallFilter::default()
    });
    let made: Vec<&str> = calls.iter().map(|c| c.action.as_str()).collect();
    ensure!(
        made.contains(&"DescribeTable") && made.contains(&"UpdateTimeToLive"),
        "{made:?}"
    );
    let denied = {
        estate.deny(&["dynamodb:UpdateTimeToLive"]).await?;
        estate
            .cloud()
            .put_time_to_live(&target, "orders", "other")
            .await
            .err()
    };
    let denied = denied.ok_or_else(|| anyhow::anyhow!("not denied"))?;
    ensure!(denied.kind == CloudErrorKind::Denied, "{denied:?}");
    ensure!(
        denied.code.is_some() && denied.request_id.is_some(),
        "{denied:?}"
    );
    for call in &calls {
        ensure!(call.source_identity.as_deref() == Some("ann"), "{call:?}");
        ensure!(call.session_name.as_deref() == Some("run-0192"), "{call:?}");
        let role = format!(":sts::{account}:assumed-role/{}/run-0192", setup::ROLE);
        ensure!(call.principal_arn.ends_with(&role), "{call:?}");
    }
    Ok(())
}

#[tokio::test]
async fn one_assumed_role_serves_many_calls_and_each_policy_has_its_own() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    sandbox.calls().clear();
    let reads = (0..8).map(|_| cloud.table(&target, "absent"));
    futures::future::try_join_all(reads).await?;
    ensure!(
        count(&sandbox, "AssumeRole") == 1,
        "{}",
        count(&sandbox, "AssumeRole")
    );
    let mut narrow = target.clone();
    narrow.session.policy = Some(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]}"#
            .to_owned(),
    );
    cloud.table(&narrow, "absent").await?;
    ensure!(
        count(&sandbox, "AssumeRole") == 2,
        "{}",
        count(&sandbox, "AssumeRole")
    );
    Ok(())
}

#[tokio::test]
async fn credentials_are_refreshed_before_they_expire() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    let ahead = Arc::new(AtomicI64::new(0));
    let shown = Arc::clone(&ahead);
    let factory = setup::factory(sandbox.endpoint_url())
        .clock(Arc::new(move || {
            Timestamp::now() + SignedDuration::from_mins(shown.load(Ordering::SeqCst))
        }))
        .build()
        .await;
    let cloud = AwsCloud::new(factory);
    let target = estate.target();
    sandbox.calls().clear();
    for (minutes, assumed) in [(0, 1), (50, 1), (56, 2), (57, 2)] {
        ahead.store(minutes, Ordering::SeqCst);
        cloud.table(&target, "absent").await?;
        let found = count(&sandbox, "AssumeRole");
        ensure!(
            found == assumed,
            "after {minutes} minutes: {found} instead of {assumed}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn credentials_that_expire_before_their_time_are_replaced() -> anyhow::Result<()> {
    let stub = Stub::start().await?;
    let cloud = setup::cloud(&stub.endpoint()).await;
    let target = setup::target(&setup::fresh_account())?;
    ensure!(cloud.table(&target, "absent").await?.is_none());
    ensure!(stub.assumed() == 1, "{}", stub.assumed());
    stub.expire();
    ensure!(cloud.table(&target, "absent").await?.is_none());
    ensure!(stub.assumed() == 2, "{}", stub.assumed());
    Ok(())
}

#[tokio::test]
async fn a_refused_refresh_is_an_error_of_assume_role() -> anyhow::Result<()> {
    let stub = Stub::start().await?;
    let cloud = setup::cloud(&stub.endpoint()).await;
    let target = setup::target(&setup::fresh_account())?;
    cloud.table(&target, "absent").await?;
    stub.expire();
    stub.refuse_roles();
    let answer = cloud.table(&target, "absent").await;
    let error = answer.err().map(|e| (e.kind, e.operation));
    let wanted = (CloudErrorKind::Denied, "sts:AssumeRole".to_owned());
    ensure!(error == Some(wanted), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn reads_of_one_account_stay_within_its_cap() -> anyhow::Result<()> {
    let stub = Stub::start().await?;
    let cloud = setup::cloud(&stub.endpoint()).await;
    let target = setup::target(&setup::fresh_account())?;
    let reads = (0..40).map(|_| cloud.table(&target, "absent"));
    futures::future::try_join_all(reads).await?;
    let most = stub.most_at_once();
    ensure!((2..=5).contains(&most), "{most} at once");
    Ok(())
}

#[tokio::test]
async fn a_role_without_external_id_or_source_identity_is_a_warning() -> anyhow::Result<()> {
    let (_sandbox, estate) = world().await?;
    let whole = estate.cloud().probe(&estate.target()).await;
    ensure!(whole.links.iter().all(|l| l.warning.is_none()), "{whole:?}");
    estate.trust_anyone_in_the_console().await?;
    let probe = estate.cloud().probe(&estate.target()).await;
    let warnings: Vec<&str> = probe
        .links
        .iter()
        .filter_map(|l| l.warning.as_deref())
        .collect();
    ensure!(probe.links.iter().all(|l| l.broken.is_none()), "{probe:?}");
    ensure!(warnings.len() == 1, "{warnings:?}");
    ensure!(
        warnings[0].contains("without an external id"),
        "{warnings:?}"
    );
    ensure!(
        warnings[0].contains("sts:SetSourceIdentity"),
        "{warnings:?}"
    );
    Ok(())
}
