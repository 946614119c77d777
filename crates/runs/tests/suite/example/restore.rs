//! A restore in small: pause writes, run a job that takes time, put the tags back, resume writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_runs::{
    Always, ManualClock, NoteLevel, ParamsError, RunKind, Step, StepCtx, StepError, StepOutcome,
    battery::{Subject, World},
};

/// Seconds that the job takes.
const JOB: i64 = 90;
/// Seconds that deleting takes.
const DELETION: i64 = 7;

#[derive(Default)]
struct State {
    paused: bool,
    /// Jobs by token: when each is done.
    jobs: BTreeMap<String, Timestamp>,
    aborted: BTreeSet<String>,
    /// Tables being deleted: when each is gone.
    deleting: Option<Timestamp>,
    tags: u32,
}

pub(crate) struct Region {
    state: Mutex<State>,
    clock: ManualClock,
}

impl Region {
    fn now(&self) -> Timestamp {
        use tidemark_runs::Clock;
        self.clock.now()
    }

    /// The table exists from the job's start on.
    fn tables(&self) -> usize {
        let state = self.state.lock().unwrap();
        let gone = state.deleting.is_some_and(|gone| gone <= self.now());
        if gone {
            0
        } else {
            state.jobs.len() - state.aborted.len()
        }
    }
}

#[async_trait]
impl World for Region {
    async fn observe(&self) -> Value {
        let tables = self.tables();
        let state = self.state.lock().unwrap();
        json!({
            "paused": state.paused,
            "tables": tables,
            "tags": if tables == 0 { 0 } else { state.tags },
        })
    }
}

pub(crate) async fn subject() -> Subject {
    let clock = ManualClock::default();
    let region = Arc::new(Region {
        state: Mutex::default(),
        clock: clock.clone(),
    });
    Subject {
        kind: Arc::new(Restore(Arc::clone(&region))),
        params: json!({"table": "orders"}),
        clock,
        world: region,
    }
}

struct Restore(Arc<Region>);

impl RunKind for Restore {
    fn name(&self) -> &'static str {
        "example-restore"
    }

    fn steps(&self, _params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let region = || Arc::clone(&self.0);
        Ok(vec![
            Box::new(CheckName(region())),
            Box::new(PauseWrites(region())),
            Box::new(Job(region())),
            Box::new(PutTagsBack(region())),
            Box::new(ResumeWrites(region())),
        ])
    }
}

struct CheckName(Arc<Region>);

#[async_trait]
impl Step for CheckName {
    fn name(&self) -> &'static str {
        "check-name"
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        if self.0.tables() > 0 {
            return Err(StepError::conflict("The name is taken"));
        }
        ctx.note(NoteLevel::Info, "The name is free");
        Ok(StepOutcome::done())
    }
}

struct PauseWrites(Arc<Region>);

#[async_trait]
impl Step for PauseWrites {
    fn name(&self) -> &'static str {
        "pause-writes"
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.0.state.lock().unwrap().paused = true;
        Ok(StepOutcome::done())
    }
}

struct Job(Arc<Region>);

#[async_trait]
impl Step for Job {
    fn name(&self) -> &'static str {
        "restore-job"
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let now = self.0.now();
        let done = now + SignedDuration::from_secs(JOB);
        let job = ctx.token();
        let mut state = self.0.state.lock().unwrap();
        assert!(
            state.paused,
            "the restore must not begin while clients write"
        );
        state.jobs.entry(job.clone()).or_insert(done);
        let wait = StepOutcome::wait(now + SignedDuration::from_secs(30), "The job runs");
        Ok(wait.percent(0).memo(job).into())
    }

    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let now = self.0.now();
        let job: String = ctx.memo()?.unwrap();
        let done = self.0.state.lock().unwrap().jobs[&job];
        if now >= done {
            return StepOutcome::done_with(json!({"arn": "table/orders"}));
        }
        let wait = StepOutcome::wait(now + SignedDuration::from_secs(30), "The job runs");
        Ok(wait.percent(50).memo(job).into())
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let now = self.0.now();
        let mut state = self.0.state.lock().unwrap();
        if !state.jobs.contains_key(&ctx.token()) {
            return Ok(StepOutcome::done());
        }
        let gone = *state
            .deleting
            .get_or_insert(now + SignedDuration::from_secs(DELETION));
        Ok(StepOutcome::wait(gone, "The table is being deleted").into())
    }

    async fn poll_undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let gone = self.0.state.lock().unwrap().deleting;
        if gone.is_some_and(|gone| gone <= self.0.now()) {
            return Ok(StepOutcome::done());
        }
        self.undo(ctx).await
    }
}

struct PutTagsBack(Arc<Region>);

#[async_trait]
impl Step for PutTagsBack {
    fn name(&self) -> &'static str {
        "put-tags-back"
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let job: Value = ctx.output("restore-job")?;
        assert_eq!(job["arn"], "table/orders");
        for tag in 1..=3 {
            ctx.progress(Some(tag * 33), format!("Tag {tag} of 3"));
            self.0.state.lock().unwrap().tags = u32::from(tag);
            tokio::task::yield_now().await;
        }
        Ok(StepOutcome::done())
    }
}

struct ResumeWrites(Arc<Region>);

#[async_trait]
impl Step for ResumeWrites {
    fn name(&self) -> &'static str {
        "resume-writes"
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.0.state.lock().unwrap().paused = false;
        Ok(StepOutcome::done())
    }

    fn always(&self) -> Always {
        Always::OnceStarted("pause-writes".to_owned())
    }

    fn at_most(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_mins(90))
    }
}
