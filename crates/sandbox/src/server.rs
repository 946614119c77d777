use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use awsim_core::ServiceHandler;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use jiff::SignedDuration;
use serde_json::Value;
use tidemark_sandbox_backup::{BackupEngine, BackupService, SimClock, model::Settings};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    admin,
    calls::CallLog,
    config::{Estate, SandboxConfig},
    contents::Contents,
    demo,
    error::SandboxError,
    faults::Faults,
    gateway::Gateway,
    identity::Identity,
    providers,
    providers::Sources,
    services,
    services::cloudformation::Stacks,
};

/// Largest request body: the largest part that S3 takes.
const BODY_LIMIT: usize = 5 << 30;

/// How often services look at the clock.
const TICK: Duration = Duration::from_millis(100);

/// The simulated AWS.
pub struct Sandbox;

impl Sandbox {
    /// Starts it on the loopback interface.
    pub async fn start(config: SandboxConfig) -> Result<RunningSandbox, SandboxError> {
        let listen = |source| SandboxError::Listen {
            port: config.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))
            .await
            .map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let gateway = Arc::new(assemble(&config, address.to_string())?);
        if let Estate::Demo { seed } = config.estate {
            demo::seed_demo(&gateway, seed).await?;
        }

        let app: Router = admin::router()
            .fallback(aws)
            .with_state(Arc::clone(&gateway));
        let stop = CancellationToken::new();
        let server = tokio::spawn({
            let stop = stop.clone();
            async move {
                axum::serve(listener, app)
                    .with_graceful_shutdown(stop.cancelled_owned())
                    .await
            }
        });
        if let Estate::Demo { seed } = config.estate {
            tokio::spawn(demo::write_live(Arc::clone(&gateway), seed, stop.clone()));
        }
        let backups = gateway.backup.spawn(gateway.clock.clone(), TICK);
        let ticker = tokio::spawn(tick(Arc::clone(&gateway), stop.clone()));
        tracing::info!(%address, "The simulated AWS listens.");
        Ok(RunningSandbox {
            endpoint: format!("http://{address}"),
            gateway,
            stop,
            server,
            ticker,
            backups,
        })
    }
}

/// A simulated AWS that answers; dropping it stops it without waiting.
pub struct RunningSandbox {
    endpoint: String,
    gateway: Arc<Gateway>,
    stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
    ticker: JoinHandle<()>,
    backups: JoinHandle<()>,
}

impl RunningSandbox {
    /// Endpoint for every service, for example `http://127.0.0.1:4566`.
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint
    }

    /// The clock of the simulated AWS.
    pub fn clock(&self) -> SimClock {
        self.gateway.clock.clone()
    }

    /// Moves the clock forward; services have caught up with it when this returns.
    pub async fn advance(&self, by: SignedDuration) {
        self.gateway.advance(by).await;
    }

    /// The simulated AWS Backup without its protocol, to make history with.
    pub fn backup(&self) -> &BackupEngine {
        &self.gateway.backup
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        &self.gateway.faults
    }

    /// What is on disks, in databases and in caches.
    pub fn contents(&self) -> &Contents {
        &self.gateway.contents
    }

    /// The stacks of `CloudFormation`.
    pub fn stacks(&self) -> &Stacks {
        &self.gateway.stacks
    }

    /// The calls that were made.
    pub fn calls(&self) -> &CallLog {
        &self.gateway.calls
    }

    /// Calls an operation in-process as the account's root, without permission check or record.
    ///
    /// `service` is the signing name; input and answer have the shapes that awsim's handlers use.
    pub async fn invoke(
        &self,
        account: &str,
        region: &str,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value, SandboxError> {
        let refused = |code: String, message: String| SandboxError::Call {
            service: service.to_owned(),
            operation: operation.to_owned(),
            code,
            message,
        };
        let found = self
            .gateway
            .service(service)
            .ok_or_else(|| refused("UnknownService".to_owned(), "not simulated".to_owned()))?;
        let mut ctx = self.gateway.context(account, region, service);
        ctx.access_key = Some(account.to_owned());
        found
            .handler
            .handle(operation, input, &ctx)
            .await
            .map_err(|error| refused(error.code, error.message))
    }

    /// Completes when the server stops.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Answers what is in flight, then stops.
    pub async fn shutdown(mut self) -> Result<(), SandboxError> {
        self.stop.cancel();
        let served = (&mut self.server).await;
        match served {
            Ok(Err(source)) => Err(SandboxError::Listen { port: 0, source }),
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        self.stop.cancel();
        self.ticker.abort();
        self.backups.abort();
    }
}

/// Every simulated service behind one gateway.
fn assemble(config: &SandboxConfig, authority: String) -> Result<Gateway, SandboxError> {
    let clock = SimClock::new();
    let dynamo = services::dynamodb::Dynamo::new(clock.clone(), config.restorable_lag)?;
    let contents = Contents::default();
    let storage = services::ec2::BlockStorage::new(clock.clone(), contents.clone());
    let iam = Arc::new(awsim_iam::IamService::new());
    let s3 = Arc::new(awsim_s3::S3Service::new());
    dynamo.read_imports_from(s3.object_reader());
    let identity = Identity::new(iam.store());
    let buckets = s3.store();
    let dynamo = Arc::new(dynamo);
    let rds = Arc::new(awsim_rds::RdsService::new());
    let efs = Arc::new(awsim_efs::EfsService::new());
    let memorydb = Arc::new(awsim_memorydb::MemoryDbService::new());
    let backup = BackupEngine::new(Settings::default());
    let kms = Arc::new(awsim_kms::KmsService::new());
    let keys = kms.store();
    backup.register_keys(Arc::new(services::kms::KeyStore(keys.clone())));
    let stacks = services::cloudformation::Stacks::default();
    let sources = Sources {
        dynamo: Arc::clone(&dynamo),
        buckets: buckets.clone(),
        storage: storage.clone(),
        rds: rds.clone(),
        file_systems: efs.store(),
        efs: efs.clone(),
        clusters: memorydb.store(),
        memorydb: memorydb.clone(),
        contents: contents.clone(),
    };
    for provider in providers::providers(sources) {
        backup.register_provider(provider);
    }
    let handlers: Vec<Arc<dyn ServiceHandler>> = vec![
        Arc::new(services::sts::Sts::new(identity.clone())),
        Arc::new(services::iam::Iam::new(iam, identity.clone())),
        Arc::new(services::s3::S3::new(s3, identity.clone(), clock.clone())),
        Arc::new(services::cloudformation::CloudFormation(stacks.clone())),
        dynamo,
        Arc::new(awsim_application_autoscaling::AppAutoScalingService::new()),
        Arc::new(BackupService::new(backup.clone(), clock.clone())),
        Arc::new(services::ec2::Ec2::new(storage)),
        efs,
        Arc::new(services::kms::Kms::new(kms, backup.clone())),
        Arc::new(services::memorydb::MemoryDb::new(memorydb, clock.clone())),
        Arc::new(services::organizations::Organizations::new(backup.clone())),
        rds,
    ];
    Ok(Gateway::new(
        handlers, identity, clock, contents, backup, buckets, keys, stacks, authority,
    ))
}

async fn aws(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
        return response;
    };
    // AWS goes on with a call whose caller no longer waits for the answer.
    let answer = tokio::spawn(async move {
        gateway
            .respond(parts.method, parts.uri, parts.headers, body)
            .await
    });
    answer.await.unwrap_or_else(|error| {
        tracing::error!(%error, "A call broke off.");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

async fn tick(gateway: Arc<Gateway>, stop: CancellationToken) {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        for service in gateway.services() {
            service.handler.tick().await;
        }
    }
}
