//! Payments into a ledger, taken back when undone. With tokens it is right; without, a payment
//! that is made twice counts twice, and the battery must find that.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use serde_json::{Value, json};
use tidemark_runs::{
    ManualClock, ParamsError, RunKind, Step, StepCtx, StepError, StepOutcome,
    battery::{Subject, World},
};

/// In what way the kind is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// Pays without looking whether it has paid.
    PaysTwice,
    /// Takes back what was never paid.
    TakesBackTwice,
    /// Takes nothing back.
    NoUndo,
}

#[derive(Default)]
struct Ledger {
    paid: Mutex<BTreeMap<String, i32>>,
}

#[async_trait]
impl World for Ledger {
    async fn observe(&self) -> Value {
        let paid = self.paid.lock().unwrap();
        json!(paid.values().sum::<i32>())
    }
}

pub(crate) fn subject(flaw: Flaw) -> Subject {
    let ledger = Arc::new(Ledger::default());
    Subject {
        kind: Arc::new(Payments {
            ledger: Arc::clone(&ledger),
            flaw,
        }),
        params: json!({"payments": 4}),
        clock: ManualClock::default(),
        world: ledger,
    }
}

struct Payments {
    ledger: Arc<Ledger>,
    flaw: Flaw,
}

impl RunKind for Payments {
    fn name(&self) -> &'static str {
        "payments"
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let count = params["payments"].as_i64().unwrap();
        Ok((1..=count)
            .map(|n| -> Box<dyn Step> {
                Box::new(Payment {
                    name: format!("pay-{n}"),
                    ledger: Arc::clone(&self.ledger),
                    flaw: self.flaw,
                })
            })
            .collect())
    }
}

struct Payment {
    name: String,
    ledger: Arc<Ledger>,
    flaw: Flaw,
}

#[async_trait]
impl Step for Payment {
    fn name(&self) -> &str {
        &self.name
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let mut paid = self.ledger.paid.lock().unwrap();
        let entry = paid.entry(ctx.token()).or_default();
        *entry = if self.flaw == Flaw::PaysTwice {
            *entry + 1
        } else {
            1
        };
        Ok(StepOutcome::done())
    }

    fn can_undo(&self) -> bool {
        self.flaw != Flaw::NoUndo
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let mut paid = self.ledger.paid.lock().unwrap();
        if self.flaw == Flaw::TakesBackTwice {
            *paid.entry(ctx.token()).or_default() -= 1;
        } else {
            paid.remove(&ctx.token());
        }
        Ok(StepOutcome::done())
    }
}
