use std::time::Duration;

use anyhow::{Context as _, ensure};
use tidemark_aws::{AwsCloud, Settings};
use tidemark_domain::ScopeCause;
use tidemark_services::ports::{AccessProbe, Cloud as _, CloudErrorKind};
use tokio::net::TcpListener;

use crate::{setup, world};

fn cause(probe: &AccessProbe) -> Option<ScopeCause> {
    probe.links.last()?.broken.as_ref().map(|b| b.cause)
}

#[tokio::test]
async fn an_unreachable_endpoint_is_named() -> anyhow::Result<()> {
    // A port that nobody listens on any more.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    drop(listener);
    let cloud = setup::cloud(&endpoint).await;
    let target = setup::target(&setup::fresh_account())?;
    let error = cloud.read_scope(&target).await.err().context("no error")?;
    ensure!(error.kind == CloudErrorKind::Unavailable, "{error:?}");
    ensure!(error.message.contains(&endpoint), "{error:?}");
    ensure!(error.status.is_none(), "{error:?}");
    let probe = cloud.probe(&target).await;
    ensure!(cause(&probe) == Some(ScopeCause::Endpoint), "{probe:?}");
    ensure!(format!("{probe:?}").contains(&endpoint), "{probe:?}");
    Ok(())
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_slow() -> anyhow::Result<()> {
    // Connections are taken by the kernel; nobody ever answers.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let settings = Settings {
        operation_timeout: Duration::from_millis(500),
        ..setup::settings()
    };
    let factory = setup::factory(&endpoint).settings(settings).build().await;
    let cloud = AwsCloud::new(factory);
    let target = setup::target(&setup::fresh_account())?;
    let probe = tokio::time::timeout(Duration::from_secs(30), cloud.probe(&target))
        .await
        .context("the deadline is not kept")?;
    ensure!(cause(&probe) == Some(ScopeCause::Slow), "{probe:?}");
    Ok(())
}

#[tokio::test]
async fn wrong_credentials_of_the_console_are_told_apart() -> anyhow::Result<()> {
    let sandbox = world::sandbox().await;
    let factory = setup::factory(sandbox.endpoint_url())
        .own_credentials("AKIAUNKNOWNUNKNOWN00", "wrong")
        .build()
        .await;
    let cloud = AwsCloud::new(factory);
    let probe = cloud.probe(&setup::target(&setup::fresh_account())?).await;
    ensure!(
        cause(&probe) == Some(ScopeCause::ConsoleCredentials),
        "{probe:?}"
    );
    ensure!(!format!("{probe:?}").contains("wrong\""), "{probe:?}");
    Ok(())
}
