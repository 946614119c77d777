//! The simulated AWS with its clock, and the weather in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tidemark_sandbox::{
    CallFilter, CallRecord, FaultKind, FaultRule, RunningSandbox, Sandbox, SandboxConfig,
};

/// How long a fault lasts.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// How long a stormy client waits for an answer where answers come late.
pub(crate) const DEADLINE: Duration = Duration::from_millis(60);
/// How late they come: what was asked for takes place after nobody waits for it any more.
const LATENCY_MS: u64 = 90;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Drop,
    LostAnswer,
    Throttle,
    ServerError,
    Latency,
    ExpiredCredentials,
}

impl Fault {
    pub(crate) const ALL: [Self; 6] = [
        Self::Drop,
        Self::LostAnswer,
        Self::Throttle,
        Self::ServerError,
        Self::Latency,
        Self::ExpiredCredentials,
    ];

    fn kind(self) -> FaultKind {
        match self {
            Self::Drop => FaultKind::Drop,
            Self::LostAnswer => FaultKind::LostAnswer,
            Self::Throttle => FaultKind::Throttle,
            Self::ServerError => FaultKind::ServerError { status: 500 },
            Self::Latency => FaultKind::Latency {
                latency_ms: LATENCY_MS,
            },
            Self::ExpiredCredentials => FaultKind::ExpiredCredentials,
        }
    }
}

/// A service and an operation of it.
pub(crate) type Action = (String, String);

/// Which calls it strikes.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    Everything,
    /// Looks succeed.
    Changes(BTreeSet<Action>),
}

impl Reach {
    pub(crate) fn is_changes(&self) -> bool {
        matches!(self, Self::Changes(_))
    }
}

/// The fault that begins with each step.
#[derive(Clone, Debug)]
pub(crate) struct Storm {
    pub(crate) fault: Fault,
    pub(crate) reach: Reach,
}

impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reach = match self.reach {
            Reach::Everything => "of everything",
            Reach::Changes(_) => "of changes",
        };
        write!(f, "{:?} {reach}", self.fault)
    }
}

#[derive(Default)]
struct State {
    /// The steps that have begun, in order, and the calls that were made in each.
    steps: Vec<(String, Vec<CallRecord>)>,
    /// The run has begun whose steps meet the storm.
    is_armed: bool,
    /// Until when the storm lasts that is on.
    until: Option<Timestamp>,
}

pub(crate) struct Sky {
    pub(crate) sandbox: RunningSandbox,
    storm: Option<Storm>,
    state: Mutex<State>,
}

impl Sky {
    pub(crate) async fn new(storm: Option<Storm>) -> Arc<Self> {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        Arc::new(Self {
            sandbox,
            storm,
            state: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        let now = self.sandbox.clock().now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap()
    }

    /// Lets time pass; a storm ends when it has lasted.
    pub(crate) async fn pass(&self, by: SignedDuration) {
        let until = self.state.lock().unwrap().until;
        let is_late = self
            .storm
            .as_ref()
            .is_some_and(|s| s.fault == Fault::Latency);
        if until.is_some() && is_late {
            // What nobody waits for any more takes place within the second, not minutes later.
            tokio::time::sleep(Duration::from_millis(LATENCY_MS).saturating_sub(DEADLINE / 2))
                .await;
        }
        let Some(left) = until
            .map(|until| until.duration_since(self.now()))
            .filter(|left| *left <= by)
        else {
            self.sandbox.advance(by).await;
            return;
        };
        let left = left.max(SignedDuration::ZERO);
        self.sandbox.advance(left).await;
        self.sandbox.faults().remove(None);
        self.state.lock().unwrap().until = None;
        self.sandbox.advance(by - left).await;
    }

    /// From now on each step that begins meets the storm.
    pub(crate) fn arm(&self) {
        self.sandbox.calls().clear();
        self.state.lock().unwrap().is_armed = true;
    }

    /// A step is about to be carried out: with the first time, its storm begins.
    pub(crate) fn step_begins(&self, step: &str) {
        let now = self.now();
        let mut state = self.state.lock().unwrap();
        if !state.is_armed || state.steps.iter().any(|(known, _)| known == step) {
            return;
        }
        self.keep_calls(&mut state);
        state.steps.push((step.to_owned(), Vec::new()));
        let Some(storm) = &self.storm else { return };
        self.sandbox.faults().remove(None);
        let rule = |action: Option<&Action>| FaultRule {
            id: 0,
            service: action.map(|(service, _)| service.clone()),
            account: None,
            region: None,
            action: action.map(|(_, action)| action.clone()),
            kind: storm.fault.kind(),
            probability: None,
            count: None,
        };
        match &storm.reach {
            Reach::Everything => {
                self.sandbox.faults().add(rule(None));
            }
            Reach::Changes(actions) => {
                for action in actions {
                    self.sandbox.faults().add(rule(Some(action)));
                }
            }
        }
        state.until = Some(now + LASTS);
    }

    fn keep_calls(&self, state: &mut State) {
        let calls = self.sandbox.calls().list(&CallFilter::default());
        self.sandbox.calls().clear();
        if let Some((_, known)) = state.steps.last_mut() {
            known.extend(calls);
        }
    }

    /// The steps in order, and the calls that were made in each.
    pub(crate) fn calls(&self) -> Vec<(String, Vec<CallRecord>)> {
        let mut state = self.state.lock().unwrap();
        self.keep_calls(&mut state);
        state.steps.clone()
    }

    /// Calls an operation in the sandbox as the account's root, past every fault.
    pub(crate) async fn call(
        &self,
        account: &str,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Value {
        let answer = self
            .sandbox
            .invoke(account, crate::estate::REGION, service, operation, input);
        answer
            .await
            .unwrap_or_else(|error| panic!("{service} {operation}: {error}"))
    }
}

/// Whether a call only looks.
pub(crate) fn looks(action: &str) -> bool {
    [
        "Assume", "BatchGet", "Describe", "Get", "Head", "List", "Query", "Scan", "Simulate",
    ]
    .iter()
    .any(|verb| action.starts_with(verb))
}

/// How often each operation had its effect.
pub(crate) fn effects(calls: &[(String, Vec<CallRecord>)]) -> BTreeMap<Action, usize> {
    let mut effects = BTreeMap::new();
    for call in calls.iter().flat_map(|(_, calls)| calls) {
        if (200..300).contains(&call.status) && !looks(&call.action) {
            *effects
                .entry((call.service.clone(), call.action.clone()))
                .or_insert(0) += 1;
        }
    }
    effects
}

/// The sandbox's clock as engine and records go by it. While records wait, nothing else goes on, so time passes.
#[derive(Clone)]
pub(crate) struct SkyClock(pub(crate) Arc<Sky>);

#[async_trait]
impl tidemark_runs::Clock for SkyClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep_until(&self, until: Timestamp) {
        while self.0.now() < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The sandbox's clock for a worker that goes on beside the run: its pauses take a little real time, and none of the
/// sandbox's.
pub(crate) struct BesideClock(pub(crate) Arc<Sky>);

#[async_trait]
impl tidemark_records::ports::Clock for BesideClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration.min(Duration::from_millis(100))).await;
    }
}

#[async_trait]
impl tidemark_records::ports::Clock for SkyClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn pause(&self, duration: Duration) {
        self.0
            .pass(SignedDuration::try_from(duration).unwrap())
            .await;
    }
}
