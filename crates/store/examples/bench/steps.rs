//! A kind of run that does nothing, many times.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepError, StepOutcome};

/// Steps of a run.
pub(crate) const STEPS: usize = 20;

pub(crate) struct Idle;

impl RunKind for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn steps(&self, _params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        Ok((0..STEPS)
            .map(|number| Box::new(Nothing(format!("step-{number}"))) as Box<dyn Step>)
            .collect())
    }
}

struct Nothing(String);

#[async_trait]
impl Step for Nothing {
    fn name(&self) -> &str {
        &self.0
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        Ok(StepOutcome::done())
    }
}

/// Waits for an hour whenever it is called.
pub(crate) struct Sleeper;

impl RunKind for Sleeper {
    fn name(&self) -> &'static str {
        "sleeper"
    }

    fn steps(&self, _params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        Ok(vec![Box::new(Sleep)])
    }
}

struct Sleep;

#[async_trait]
impl Step for Sleep {
    fn name(&self) -> &'static str {
        "sleep"
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let until = ctx.now() + SignedDuration::from_hours(1);
        Ok(StepOutcome::wait(until, "Sleeps").into())
    }
}
