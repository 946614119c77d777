use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tidemark_domain::runs::StepError;
use tidemark_runs::StepCtx;

use crate::sets::run::{MemberResult, PAUSE, PAUSED, REPORT, hook};

/// What has to be there before a hook is carried out.
pub(super) struct Gate {
    /// Steps that must have been done, besides the restore of every member.
    pub(super) needs: Vec<String>,
}

impl Gate {
    /// For hooks that look at what was restored.
    pub(super) fn restored() -> Self {
        Self { needs: Vec::new() }
    }

    /// For the pause, and for the resume, which has nothing to do where there was none.
    pub(super) fn verified(verify: usize) -> Self {
        Self {
            needs: (1..=verify).map(super::verify_name).collect(),
        }
    }

    /// For the switch.
    pub(super) fn paused(verify: usize, pauses: bool, waits: bool) -> Self {
        let mut gate = Self::verified(verify);
        let pause = [(pauses, PAUSE), (waits, PAUSED)];
        let steps = pause.iter().filter(|(is_there, _)| *is_there);
        gate.needs.extend(steps.map(|(_, name)| (*name).to_owned()));
        gate
    }
}

impl hook::Gate for Gate {
    fn closed(&self, ctx: &StepCtx) -> Result<Option<String>, StepError> {
        let report: Value = ctx.output(REPORT)?;
        if report["failed"].as_u64() != Some(0) {
            return Ok(Some("not every member was restored".to_owned()));
        }
        for name in &self.needs {
            if ctx.find_output::<Value>(name)?.is_none() {
                return Ok(Some(format!("{name} was not done")));
            }
        }
        Ok(None)
    }

    fn restored(&self, ctx: &StepCtx) -> Result<BTreeMap<String, String>, StepError> {
        let report: Value = ctx.output(REPORT)?;
        let results = Vec::<MemberResult>::deserialize(&report["results"]);
        let results = results.map_err(|error| StepError::permanent(error.to_string()))?;
        let mut restored = BTreeMap::new();
        for one in results {
            let (name, arn) = match &one.made {
                Some(made) => (made.name().to_owned(), made.to_string()),
                // It was left out.
                None => (String::new(), String::new()),
            };
            restored.insert(format!("{}.arn", one.member), arn);
            restored.insert(one.member, name);
        }
        Ok(restored)
    }
}
