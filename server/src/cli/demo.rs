use std::{sync::Arc, time::Duration};

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Account, AccountConnection, AccountId, ExternalId, Features, Invalid, Region, Role, RoleArn,
};
use tidemark_sandbox::{DemoAccount, Estate, RunningSandbox, demo_accounts};
use tidemark_services::{Services, StoreError, ports::NewUser, session::hash_password};
use tokio_util::sync::CancellationToken;

use super::{
    CliError, Global, Listen, Outcome, demo_clock::DemoClock, output::line, sandbox, server,
};
use crate::{
    config::Config,
    signals,
    wiring::{self, AwsAccess, Opener},
    worker::Worker,
};

/// The password of every demo user; the sign-in page shows it.
const PASSWORD: &str = "tidemark-demo";
/// How long the start waits for the first reading of the estate.
const FIRST_READING: Duration = Duration::from_secs(8);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark demo --listen 127.0.0.1:8080")]
pub(super) struct Options {
    #[command(flatten)]
    listen: Listen,
    /// Port of the simulated AWS; a free one by default
    #[arg(long, value_name = "PORT")]
    sandbox_port: Option<u16>,
    /// Seed of the demo estate
    #[arg(long, default_value_t = sandbox::SEED)]
    seed: u64,
}

/// Starts everything, shows how to sign in, and runs until it is told to stop.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let mut config = global.config(Some(&options.listen))?;
    // Dropped at the end, and the files with it.
    let _temporary = keep_data(&mut config)?;
    let listener = server::bind(&mut config).await?;
    let port = options.sandbox_port.unwrap_or(config.sandbox_port);
    let simulated = sandbox::start(port, Estate::Demo { seed: options.seed }).await?;
    let tooling = AccountId::parse(demo_accounts().first().map_or("", |a| a.account_id))?;
    let access = AwsAccess::Sandbox {
        endpoint: simulated.endpoint_url().to_owned(),
        account: tooling.clone(),
    };
    let wired = wiring::wire_by(
        &config,
        &access,
        Arc::new(DemoClock::new(simulated.clock())),
        Opener::Server,
    )
    .await?;
    users(&wired.services).await?;
    accounts(&wired.services).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let worker = Worker::new(&wired, config.worker, config.store());
    let server = server::start(
        listener,
        server::Start {
            config: &config,
            wired: &wired,
            account: tooling,
            demo: true,
            liveness: Some(worker.liveness()),
            stop: stop.clone(),
        },
    )?;
    let worker = tokio::spawn(worker.work(stop));
    // So that the first page shows the estate. An account that is slow does not hold it up.
    let _ = tokio::time::timeout(FIRST_READING, first_reading(&wired.services)).await;
    server.web.ready();
    welcome(&server.url, &simulated)?;
    server.wait().await?;
    let _ = worker.await;
    wired.store.close().await;
    simulated
        .shutdown()
        .await
        .map_err(|error| CliError::machine("the simulated AWS failed", error))?;
    Ok(Outcome::Done)
}

/// Waits until every scope was read, or could not be.
async fn first_reading(services: &Services) -> Result<(), StoreError> {
    let wanted: usize = demo_accounts()
        .iter()
        .map(|account| account.regions.len())
        .sum();
    loop {
        let scopes = services.catalogue.scopes(None).await?;
        let read = scopes
            .iter()
            .filter(|scope| {
                !scope.syncing && (scope.last_success.is_some() || scope.error.is_some())
            })
            .count();
        if read >= wanted {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn keep_data(config: &mut Config) -> Result<Option<tempfile::TempDir>, CliError> {
    if config.has_data_dir() {
        return Ok(None);
    }
    let folder = tempfile::Builder::new()
        .prefix("tidemark-demo-")
        .tempdir()
        .map_err(|error| CliError::machine("a temporary folder could not be made", error))?;
    config.keep_data_in(folder.path());
    Ok(Some(folder))
}

async fn users(services: &Services) -> Result<(), CliError> {
    let hash = hash_password(PASSWORD).await?;
    for role in Role::ALL {
        let user = NewUser {
            name: role.as_str().to_owned(),
            role,
            password_hash: hash.clone(),
            must_change_password: false,
        };
        match services
            .users
            .create(&user, services.clock.now(), None)
            .await
        {
            // There since an earlier start with the same data folder.
            Ok(_) | Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn accounts(services: &Services) -> Result<(), CliError> {
    // Accounts that were just registered are waited for; these have their roles already.
    let yesterday = services.clock.now() - SignedDuration::from_hours(24);
    for known in demo_accounts() {
        let account = registered(known, yesterday)?;
        match services.accounts.add(&account).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => services.accounts.update(&account).await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn registered(known: &DemoAccount, added_at: Timestamp) -> Result<Account, Invalid> {
    Ok(Account {
        connection: AccountConnection {
            account: AccountId::parse(known.account_id)?,
            role: RoleArn::parse(known.role_arn)?,
            external_id: ExternalId::parse(known.external_id)?,
        },
        alias: known.name.to_owned(),
        regions: known
            .regions
            .iter()
            .map(Region::parse)
            .collect::<Result<_, _>>()?,
        added_at,
        features: Features::all(),
        pending: None,
    })
}

fn welcome(url: &str, simulated: &RunningSandbox) -> Result<(), CliError> {
    let users: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
    line(&format!(
        "\n  Tidemark       {url}\n  Sign in as     {}\n  Password       {PASSWORD}\n  \
         Simulated AWS  {}\n\n  Ctrl-C ends it.\n",
        users.join(", "),
        simulated.endpoint_url()
    ))
}
