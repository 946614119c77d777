//! Who judges: it knows what people asked for and what there is at AWS, watches every change and
//! every line of every log, and compares. It believes nothing that the console says of itself.

mod captures;
mod changes;
mod ends;
mod last;
mod log;
mod origin;
mod rules;
#[cfg(test)]
mod tests;
mod wants;

pub use rules::{Rule, Violation};
use wants::Ask;
pub(crate) use wants::{Wants, reason};

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Scope,
    runs::{RunId, RunView},
};
use tidemark_services::ports::Target;
use tidemark_testkit::{FakeCaptures, FakeCloud, FakeRecordsCloud, FakeRunItems, Passing, Thing};
use uuid::Uuid;

use crate::{time::TrueTime, trace::Trace};
use origin::Origin;

type Things = BTreeMap<String, Thing>;

/// Who judges. Clones share what it knows.
#[derive(Clone)]
pub(crate) struct Oracle {
    aws: FakeCloud,
    items: FakeRunItems,
    records: FakeRecordsCloud,
    captures: FakeCaptures,
    time: TrueTime,
    trace: Trace,
    clocks_are_right: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    asks: Vec<Ask>,
    runs: BTreeMap<RunId, Known>,
    /// What there was when it was last looked at.
    things: BTreeMap<Scope, Things>,
    /// Where things come from that were not there in the beginning.
    origins: BTreeMap<(Scope, String), Origin>,
    /// What somebody outside the console has ever touched.
    meddled: BTreeSet<(Scope, String)>,
    /// Who changed a thing last.
    touched: BTreeMap<(Scope, String), Origin>,
    violations: Vec<Violation>,
    ids: u64,
}

/// What is known of a run.
struct Known {
    /// A short name for the trace.
    name: String,
    /// The form that it was asked for with.
    ask: Option<usize>,
    /// The fold of its log as it was written.
    view: RunView,
    /// When it was written.
    created: Timestamp,
    /// When a person asked it to stop, in true time.
    cancelled: Option<Timestamp>,
    /// When its log said that the new table is whole.
    knew_whole: Option<Timestamp>,
    /// When its log said that it has ended.
    ended: Option<Timestamp>,
    /// Everything that its log says, for people.
    words: String,
    /// The last wait that was written: of which step, and what it told.
    last_wait: Option<(String, String)>,
    /// Waits in a row that told nothing new.
    idle_waits: u32,
    /// What it had made, by what it was for.
    made: BTreeMap<String, u32>,
    /// The recovery points that it had deleted.
    gone: BTreeSet<String>,
    /// Its list of points.
    list: Option<Uuid>,
}

/// What the oracle sees without being asked for permission.
pub(crate) struct Seen {
    /// AWS.
    pub(crate) aws: FakeCloud,
    /// What runs do one by one.
    pub(crate) items: FakeRunItems,
    /// Buckets and streams of record-level backups.
    pub(crate) records: FakeRecordsCloud,
    /// The record-level backups that the console knows.
    pub(crate) captures: FakeCaptures,
}

/// The most violations of one rule that are kept of one world.
const MOST: usize = 5;

impl Oracle {
    /// A judge of this AWS.
    pub(crate) fn new(seen: Seen, time: TrueTime, trace: Trace, clocks_are_right: bool) -> Self {
        let Seen {
            aws,
            items,
            records,
            captures,
        } = seen;
        Self {
            aws,
            items,
            records,
            captures,
            time,
            trace,
            clocks_are_right,
            state: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What did not hold so far.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        self.lock().violations.clone()
    }

    /// The id of the next run: one that follows from the seed.
    pub(crate) fn next_id(&self, created_at: Timestamp) -> RunId {
        let mut state = self.lock();
        state.ids += 1;
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&state.ids.to_be_bytes());
        let millis = u64::try_from(created_at.as_millisecond()).unwrap_or(0);
        RunId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }

    /// Looks at what there is in the beginning.
    pub(crate) fn begin(&self, scopes: &[Scope]) {
        let mut state = self.lock();
        for scope in scopes {
            state.things.insert(scope.clone(), self.aws.things(scope));
        }
    }

    /// Notes that a person fills in a form; answers its number.
    pub(crate) fn ask(&self, person: &str, wants: Wants) -> usize {
        let mut state = self.lock();
        let number = state.asks.len();
        self.trace.say(self.time.elapsed(), || {
            format!("{person} asks ({number}) for {wants:?}")
        });
        state.asks.push(Ask {
            wants,
            sent: 0,
            answered: BTreeSet::new(),
        });
        number
    }

    /// Says what a form is for, where that is known only once a page was shown.
    pub(crate) fn asks_for(&self, ask: usize, wants: Wants) {
        let mut state = self.lock();
        self.trace.say(self.time.elapsed(), || {
            format!("form {ask} is for {wants:?}")
        });
        if let Some(ask) = state.asks.get_mut(ask) {
            ask.wants = wants;
        }
    }

    /// Notes that a form is sent.
    pub(crate) fn sent(&self, ask: usize) {
        if let Some(ask) = self.lock().asks.get_mut(ask) {
            ask.sent += 1;
        }
    }

    /// Notes that a form was answered with a run.
    pub(crate) fn answered(&self, ask: usize, run: RunId) {
        if let Some(ask) = self.lock().asks.get_mut(ask) {
            ask.answered.insert(run);
        }
    }

    /// Notes that something went wrong that no rule of the oracle's own could see.
    pub(crate) fn report(&self, rule: Rule, what: String) {
        let at = self.time.elapsed();
        self.lock().violate(&self.trace, at, rule, what);
    }

    /// The state and the words of a run's log, for people who look at it.
    pub(crate) fn state_of(&self, run: RunId) -> Option<&'static str> {
        self.lock()
            .runs
            .get(&run)
            .map(|run| run.view.state.as_str())
    }

    /// How many runs there are, and how many have not ended.
    pub(crate) fn count(&self) -> (usize, usize) {
        let state = self.lock();
        let open = state.runs.values().filter(|run| run.ended.is_none());
        (state.runs.len(), open.count())
    }

    /// Who calls: a run by its short name, or the console itself.
    pub(crate) fn short_name(&self, target: &Target) -> String {
        let name = run_of(target).and_then(|id| {
            let state = self.lock();
            state.runs.get(&id).map(|run| run.name.clone())
        });
        name.unwrap_or_else(|| target.session.session_name.as_str().to_owned())
    }

    /// A call is about to change something: what AWS did by itself until now is noted first.
    pub(crate) fn before(&self, call: Passing<'_>) {
        let scope = scope_of(call.target);
        self.look(&scope);
    }

    /// A call has changed what it has.
    pub(crate) fn after(&self, call: Passing<'_>) {
        let scope = scope_of(call.target);
        let after = self.aws.things(&scope);
        let at = self.time.elapsed();
        let mut state = self.lock();
        let before = state
            .things
            .insert(scope.clone(), after.clone())
            .unwrap_or_default();
        let run = run_of(call.target);
        state.judge(
            &self.trace,
            at,
            run,
            call.operation,
            &scope,
            &before,
            &after,
        );
    }

    /// Notes what AWS did by itself in a scope.
    pub(crate) fn look(&self, scope: &Scope) {
        self.time.now();
        let after = self.aws.things(scope);
        let mut state = self.lock();
        let before = state
            .things
            .insert(scope.clone(), after.clone())
            .unwrap_or_default();
        state.note_by_itself(scope, &before, &after);
    }

    /// Notes what somebody did outside the console.
    pub(crate) fn outsider(&self, scope: &Scope, what: &str) {
        let after = self.aws.things(scope);
        let mut state = self.lock();
        let before = state
            .things
            .insert(scope.clone(), after.clone())
            .unwrap_or_default();
        self.trace
            .say(self.time.elapsed(), || format!("somebody else: {what}"));
        state.note_outsider(scope, &before, &after);
    }
}

impl State {
    fn violate(&mut self, trace: &Trace, at: SignedDuration, rule: Rule, what: String) {
        trace.say(at, || format!("!!! {}: {what}", rule.name()));
        let same = self.violations.iter().filter(|one| one.rule == rule);
        if same.count() < MOST {
            self.violations.push(Violation { rule, at, what });
        }
    }

    fn name(&self, run: RunId) -> String {
        self.runs
            .get(&run)
            .map_or_else(|| run.to_string(), |known| known.name.clone())
    }

    fn wants(&self, run: RunId) -> Option<&Wants> {
        let ask = self.runs.get(&run)?.ask?;
        self.asks.get(ask).map(|ask| &ask.wants)
    }
}

/// The run that calls, by the name of its session.
fn run_of(target: &Target) -> Option<RunId> {
    let name = target.session.session_name.as_str();
    let id = name.strip_prefix("tidemark-run-")?;
    Uuid::try_parse(id).ok().map(RunId::from_uuid)
}

fn scope_of(target: &Target) -> Scope {
    Scope {
        account: target.connection.account.clone(),
        region: target.region.clone(),
    }
}
