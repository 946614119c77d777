//! The run that carries a set-up out. No step is undone: what a set-up makes protects, and a capture
//! that has begun loses changes when it is taken back.

mod backfill;
mod bucket;
mod capture_on;
mod prepare;
mod stream;
mod wait_reader;
mod world;

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Region, Scope,
    records::{Capture, CaptureMode, SetupRequest},
    runs::{RunView, StepError},
};
use tidemark_records::ports::Checkpoints;
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, parse_params};

use self::{
    backfill::BackfillStep, bucket::BucketStep, capture_on::CaptureOn, prepare::Prepare,
    stream::StreamStep, wait_reader::WaitReader, world::World,
};
use crate::{
    ports::{AccountStore, Captures, RecordsAccess, RecordsCloud},
    records::prove::{ProveStep, Proving},
    runs::Refresh,
    sync::SyncQueue,
};

/// The kind's name in the run store.
pub const SETUP_KIND: &str = "records_setup";

/// The parameters of a set-up: as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetupParams {
    /// Account of table and bucket.
    pub(crate) account: AccountId,
    /// Region of table and bucket.
    pub(crate) region: Region,
    /// The capture that is there already; a new one takes the run's id.
    pub(crate) known: Option<String>,
    /// As asked for.
    pub(crate) request: SetupRequest,
    /// All that the run's credentials may do.
    pub(crate) session_policy: String,
}

/// The run kind *set a table up for record-level backups*.
pub struct SetupRun {
    accounts: Arc<dyn AccountStore>,
    records: Arc<dyn RecordsCloud>,
    captures: Arc<dyn Captures>,
    checkpoints: Arc<dyn Checkpoints>,
    sync: SyncQueue,
}

impl SetupRun {
    /// The kind over its ports.
    pub fn new(
        accounts: Arc<dyn AccountStore>,
        records: Arc<dyn RecordsCloud>,
        captures: Arc<dyn Captures>,
        checkpoints: Arc<dyn Checkpoints>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            accounts,
            records,
            captures,
            checkpoints,
            sync,
        }
    }
}

impl RunKind for SetupRun {
    fn name(&self) -> &'static str {
        SETUP_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: SetupParams = parse_params(params)?;
        let world = || World {
            accounts: Arc::clone(&self.accounts),
            records: Arc::clone(&self.records),
            captures: Arc::clone(&self.captures),
            checkpoints: Arc::clone(&self.checkpoints),
            params: params.clone(),
        };
        let mut steps: Vec<Box<dyn Step>> = vec![
            Box::new(StreamStep(world())),
            Box::new(BucketStep(world())),
            Box::new(Prepare(world())),
            Box::new(CaptureOn(world())),
        ];
        if params.request.mode == CaptureMode::Embedded {
            steps.push(Box::new(WaitReader(world())));
        }
        steps.push(Box::new(BackfillStep(world())));
        steps.push(Box::new(ProveStep(world())));
        steps.push(Box::new(Refresh::of(
            self.sync.clone(),
            Scope {
                account: params.account.clone(),
                region: params.region.clone(),
            },
        )));
        Ok(steps)
    }

    fn summary(&self, view: &RunView) -> Value {
        let output = |name: &str| {
            view.step(name)
                .map_or(Value::Null, |step| step.output.clone())
        };
        json!({
            "capture": output(capture_on::NAME)["capture"],
            "proof": output(crate::records::prove::NAME),
        })
    }
}

#[async_trait]
impl Proving for World {
    async fn open(&self, ctx: &StepCtx) -> Result<(Capture, RecordsAccess), StepError> {
        let access = World::open(self, ctx).await?;
        Ok((self.capture(ctx), access))
    }

    fn captures(&self) -> &dyn Captures {
        self.captures.as_ref()
    }

    fn capacity(&self) -> Option<u32> {
        self.params.request.capacity
    }
}
