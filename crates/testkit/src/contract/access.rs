//! The way into an account, and how far the credentials reach.

use anyhow::{Context as _, ensure};
use tidemark_domain::{ScopeCause, ScopeError, SessionName, permissions::DeniedBy};
use tidemark_services::ports::{AccessProbe, CloudErrorKind, Evaluated, Simulation};

use super::{CloudEstate, Way, estate::refused};

/// A whole way in has no broken link.
pub async fn a_whole_way_passes_the_probe(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let probe = estate.cloud().probe(&estate.target()).await;
    ensure!(probe.links.len() >= 4, "{probe:?}");
    ensure!(probe.links.iter().all(|l| l.broken.is_none()), "{probe:?}");
    Ok(())
}

fn broken(probe: &AccessProbe) -> anyhow::Result<&ScopeError> {
    let last = probe.links.last().context("no links")?;
    let before = &probe.links[..probe.links.len() - 1];
    ensure!(before.iter().all(|l| l.broken.is_none()), "{probe:?}");
    last.broken.as_ref().with_context(|| format!("{probe:?}"))
}

async fn is_named(estate: &dyn CloudEstate, way: Way, cause: ScopeCause) -> anyhow::Result<()> {
    let target = estate.break_way(way).await?;
    let cloud = estate.cloud();
    let error = refused(cloud.read_scope(&target).await, CloudErrorKind::Denied)?;
    ensure!(error.operation == "sts:AssumeRole", "{error:?}");
    ensure!(
        error.code.is_some() && error.request_id.is_some(),
        "{error:?}"
    );
    let probe = cloud.probe(&target).await;
    let why = broken(&probe)?;
    ensure!(why.cause == cause, "{why:?}");
    ensure!(!why.message.is_empty() && !why.fix.is_empty(), "{why:?}");
    let secret = target.connection.external_id.as_str();
    ensure!(
        !format!("{probe:?}").contains(secret),
        "the external id is printed"
    );
    Ok(())
}

/// A role that does not exist is named as the cause.
pub async fn a_missing_role_is_named(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_named(estate, Way::NoRole, ScopeCause::NoSuchRole).await
}

/// A trust policy that does not name the console is named as the cause.
pub async fn missing_trust_is_named(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_named(estate, Way::NoTrust, ScopeCause::Trust).await
}

/// Another external id is named as the cause, and not printed.
pub async fn another_external_id_is_named(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_named(estate, Way::OtherExternalId, ScopeCause::ExternalId).await
}

/// With the same role a call inside the session policy is allowed and one outside is denied.
pub async fn the_session_policy_is_the_limit(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"],
            "Resource": table.as_str(),
        }],
    });
    let mut target = estate.target();
    target.session.policy = Some(policy.to_string());
    target.session.source_identity = Some(SessionName::from_text("operator"));
    let cloud = estate.cloud();
    ensure!(
        cloud.table(&target, "orders").await?.is_some(),
        "the table is not seen"
    );
    let error = refused(
        cloud.delete_table(&target, "orders").await,
        CloudErrorKind::Denied,
    )?;
    ensure!(error.operation == "dynamodb:DeleteTable", "{error:?}");
    ensure!(error.code.is_some(), "{error:?}");
    ensure!(estate.items("orders").await? == 1, "the table changed");
    Ok(())
}

/// An action that the role lacks is denied with AWS's code.
pub async fn a_lacking_permission_is_denied(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    estate.deny(&["dynamodb:UpdateTimeToLive"]).await?;
    let answer = estate
        .cloud()
        .put_time_to_live(&estate.target(), "orders", "expires")
        .await;
    let error = refused(answer, CloudErrorKind::Denied)?;
    ensure!(error.code.is_some(), "{error:?}");
    ensure!(error.operation == "dynamodb:UpdateTimeToLive", "{error:?}");
    Ok(())
}

/// A simulation tells what the role may and may not do.
pub async fn a_simulation_tells_what_is_allowed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.deny(&["dynamodb:DeleteTable"]).await?;
    let simulation = Simulation {
        actions: ["dynamodb:DescribeTable", "dynamodb:DeleteTable"]
            .map(str::to_owned)
            .to_vec(),
        // Two at once: allowed is what is allowed on both.
        resources: ["orders", "invoices"]
            .map(|table| format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{table}"))
            .to_vec(),
        ..Simulation::default()
    };
    let answer = estate
        .cloud()
        .simulate(&estate.target(), &simulation)
        .await?;
    ensure!(
        answer.get("dynamodb:DescribeTable") == Some(&Evaluated::Allowed),
        "{answer:?}"
    );
    ensure!(
        matches!(
            answer.get("dynamodb:DeleteTable"),
            Some(Evaluated::Denied(DeniedBy::NoPolicy | DeniedBy::Statement))
        ),
        "{answer:?}"
    );
    Ok(())
}

/// Permissions of reading that are missing are named, though the way in holds.
pub async fn a_lacking_list_is_a_warning(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate
        .deny(&["elasticfilesystem:DescribeFileSystems"])
        .await?;
    let probe = estate.cloud().probe(&estate.target()).await;
    let reading = probe.links.last().context("no links")?;
    ensure!(reading.broken.is_none(), "{reading:?}");
    let warning = reading.warning.as_deref().unwrap_or_default();
    ensure!(
        warning.contains("elasticfilesystem:DescribeFileSystems"),
        "{reading:?}"
    );
    let tried = |action: &str| probe.tried.get(action).copied();
    ensure!(
        tried("elasticfilesystem:DescribeFileSystems") == Some(false)
            && tried("dynamodb:ListTables") == Some(true),
        "{:?}",
        probe.tried
    );
    Ok(())
}
