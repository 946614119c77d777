use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use super::Random;
use crate::ports::{PortError, PortErrorKind};

/// The message of every call after a crash.
pub const CRASHED: &str = "the process was killed";

type Hook = Box<dyn FnMut(&str) + Send>;

#[derive(Default)]
struct Plan {
    /// Calls until the process dies.
    crash_in: Option<u64>,
    /// The last call takes effect, and its answer is lost.
    after_effect: bool,
    crashed: bool,
    /// Calls out of a hundred that are throttled.
    throttled: u64,
    /// Throttled calls in a row.
    in_a_row: u64,
    random: Option<Random>,
    hook: Option<Hook>,
    calls: BTreeMap<String, u64>,
    refused: BTreeMap<String, (u64, PortErrorKind)>,
    /// Operations of whose next call the answer is lost.
    lost: BTreeSet<String>,
}

/// What goes wrong in the calls of one process. Clones share it; a port's handle with its own
/// faults shares the port's state.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

/// What to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Go,
    /// Do it, then fail.
    LoseAnswer,
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// The process dies at its `calls`-th call: before its effect, or after it.
    #[must_use]
    pub fn crash_in(self, calls: u64, after_effect: bool) -> Self {
        self.with(|plan| {
            plan.crash_in = Some(calls);
            plan.after_effect = after_effect;
        });
        self
    }

    /// So many calls out of a hundred are throttled, at most three in a row.
    #[must_use]
    pub fn throttle(self, percent: u64, random: Random) -> Self {
        self.with(|plan| {
            plan.throttled = percent;
            plan.random = Some(random);
        });
        self
    }

    /// The next `times` calls of an operation fail like this.
    #[must_use]
    pub fn refuse(self, operation: &str, times: u64, kind: PortErrorKind) -> Self {
        self.with(|plan| {
            plan.refused.insert(operation.to_owned(), (times, kind));
        });
        self
    }

    /// The next call of an operation takes effect, and its answer is lost.
    #[must_use]
    pub fn lose_answer(self, operation: &str) -> Self {
        self.with(|plan| {
            plan.lost.insert(operation.to_owned());
        });
        self
    }

    /// Something that happens outside at every call.
    #[must_use]
    pub fn meanwhile(self, hook: impl FnMut(&str) + Send + 'static) -> Self {
        self.with(|plan| plan.hook = Some(Box::new(hook)));
        self
    }

    /// Whether the process died.
    pub fn has_crashed(&self) -> bool {
        self.with(|plan| plan.crashed)
    }

    /// Calls of an operation so far, for example `s3:PutObject`.
    pub fn calls(&self, operation: &str) -> u64 {
        self.with(|plan| plan.calls.get(operation).copied().unwrap_or_default())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Plan) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn call(&self, operation: &str, subject: &str) -> Result<Fate, PortError> {
        let hook = self.with(|plan| plan.hook.take());
        if let Some(mut hook) = hook {
            hook(operation);
            self.with(|plan| plan.hook = Some(hook));
        }
        self.with(|plan| {
            *plan.calls.entry(operation.to_owned()).or_default() += 1;
            let fail = |kind, message: &str| PortError::new(kind, operation, subject, message);
            if plan.crashed {
                return Err(fail(PortErrorKind::Unexpected, CRASHED));
            }
            if let Some(left) = &mut plan.crash_in {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    plan.crashed = true;
                    if plan.after_effect {
                        return Ok(Fate::LoseAnswer);
                    }
                    return Err(fail(PortErrorKind::Unexpected, CRASHED));
                }
            }
            if let Some((left, kind)) = plan.refused.get_mut(operation)
                && *left > 0
            {
                *left -= 1;
                return Err(fail(*kind, "refused as the test asks"));
            }
            if plan.lost.remove(operation) {
                return Ok(Fate::LoseAnswer);
            }
            let throttled = plan.throttled;
            if plan.in_a_row < 3
                && plan
                    .random
                    .as_mut()
                    .is_some_and(|random| random.percent(throttled))
            {
                plan.in_a_row += 1;
                // Half of the time it had its effect, and only the answer is lost.
                let effect = plan
                    .random
                    .as_mut()
                    .is_some_and(|random| random.percent(50));
                if effect {
                    return Ok(Fate::LoseAnswer);
                }
                return Err(fail(PortErrorKind::Throttled, "too many requests"));
            }
            plan.in_a_row = 0;
            Ok(Fate::Go)
        })
    }

    pub(super) fn answer<T>(
        &self,
        fate: Fate,
        operation: &str,
        subject: &str,
        answer: Result<T, PortError>,
    ) -> Result<T, PortError> {
        match fate {
            Fate::Go => answer,
            Fate::LoseAnswer if self.has_crashed() => Err(PortError::new(
                PortErrorKind::Unexpected,
                operation,
                subject,
                CRASHED,
            )),
            Fate::LoseAnswer => Err(PortError::new(
                PortErrorKind::Unavailable,
                operation,
                subject,
                "the connection was closed",
            )),
        }
    }
}
