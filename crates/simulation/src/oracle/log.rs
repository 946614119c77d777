//! What runs write down.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::runs::{
    Run, RunEvent, RunEventKind, RunHead, RunId, RunState, RunView, SleepReason, StepError,
    StepErrorKind,
};

use super::{Known, Oracle, Rule, State, Wants, wants::ask_of};
use crate::{trace::Trace, weather};

/// For so long a form that is sent again is the same run, also when that has succeeded.
const REPEAT: SignedDuration = SignedDuration::from_mins(1);

/// A run that does not come further for so long has raised an alarm.
const ALARM: SignedDuration = SignedDuration::from_mins(45);

impl Oracle {
    /// A run was written.
    pub(crate) fn created(&self, run: &Run, first: &RunEvent) {
        let (at, now) = (self.time.elapsed(), self.time.now());
        let mut state = self.lock();
        let name = format!("run{}", state.runs.len() + 1);
        let ask = ask_of(&run.reason);
        self.trace.say(at, || {
            let ask = ask.map_or_else(|| "nobody".to_owned(), |ask| format!("ask {ask}"));
            format!("{name} is written: {} for {ask}", run.kind)
        });
        if let Some(ask) = ask {
            let now = self.clocks_are_right.then_some(now);
            state.check_repeat(&self.trace, at, ask, &name, now);
            state.check_target(&self.trace, at, ask, &name);
        } else {
            let what = format!("{name} ({}) was asked for by nobody", run.kind);
            state.violate(&self.trace, at, Rule::ChangeOnlyItsOwn, what);
        }
        let known = Known {
            name,
            ask,
            view: RunView::fold([first]),
            created: now,
            cancelled: None,
            knew_whole: None,
            ended: None,
            words: String::new(),
            last_wait: None,
            idle_waits: 0,
            made: std::collections::BTreeMap::new(),
            gone: BTreeSet::new(),
            list: run
                .params
                .get("list")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok()),
        };
        state.runs.insert(run.id, known);
    }

    /// Lines were added to a run's log.
    pub(crate) fn appended(&self, process: &str, run: RunId, events: &[RunEvent], head: &RunHead) {
        let at = self.time.elapsed();
        for event in events {
            let mut state = self.lock();
            let name = state.name(run);
            self.trace
                .say(at, || format!("{process} {name} {}", told(&event.kind)));
            state.log(&self.trace, at, self.time.now(), run, event);
            drop(state);
            if matches!(event.kind, RunEventKind::Finished { .. }) {
                self.check_end(run);
            }
        }
        let mut state = self.lock();
        state.check_head(&self.trace, at, run, head);
        if self.clocks_are_right {
            state.check_alarm(&self.trace, at, self.time.now(), run, head);
        }
    }

    /// A person's wish to stop a run was written.
    pub(crate) fn cancelled(&self, run: &Run) {
        let (at, now) = (self.time.elapsed(), self.time.now());
        if run.cancel.is_none() {
            return;
        }
        let mut state = self.lock();
        let name = state.name(run.id);
        if let Some(known) = state.runs.get_mut(&run.id) {
            known.cancelled.get_or_insert(now);
            self.trace.say(at, || format!("{name} is asked to stop"));
        }
    }
}

impl State {
    fn check_repeat(
        &mut self,
        trace: &Trace,
        at: SignedDuration,
        ask: usize,
        name: &str,
        now: Option<jiff::Timestamp>,
    ) {
        let mut of_ask = self.runs.values().filter(|run| run.ask == Some(ask));
        let first = of_ask.find(|run| {
            let is_done = run.view.state == RunState::Succeeded;
            let just_now = now.is_some_and(|now| run.created + REPEAT > now);
            run.ended.is_none() || (is_done && just_now)
        });
        if let Some(first) = first {
            let what = format!("{name} repeats {}: both are for ask {ask}", first.name);
            self.violate(trace, at, Rule::RepeatIsOneRun, what);
        }
    }

    fn check_target(&mut self, trace: &Trace, at: SignedDuration, ask: usize, name: &str) {
        let Some(wants) = self.asks.get(ask).map(|ask| &ask.wants) else {
            return;
        };
        let mine = targets(wants);
        let other = self.runs.values().find(|run| {
            let wants = run.ask.and_then(|ask| self.asks.get(ask));
            run.ended.is_none() && wants.is_some_and(|ask| !mine.is_disjoint(&targets(&ask.wants)))
        });
        if let Some(other) = other {
            let target = mine.iter().next().cloned().unwrap_or_default();
            let what = format!("{name} begins while {} works on {target}", other.name);
            self.violate(trace, at, Rule::OneRunPerTarget, what);
        }
    }

    fn log(
        &mut self,
        trace: &Trace,
        at: SignedDuration,
        now: jiff::Timestamp,
        run: RunId,
        event: &RunEvent,
    ) {
        let Some(known) = self.runs.get_mut(&run) else {
            return;
        };
        if event.seq != known.view.seq + 1 {
            let what = format!(
                "{}: line {} follows line {}",
                known.name, event.seq, known.view.seq
            );
            self.violate(trace, at, Rule::LogFolds, what);
            return;
        }
        known.view.apply(event);
        known.add_words(&event.kind);
        match &event.kind {
            RunEventKind::StepSucceeded { step, .. } if step == "wait-until-active" => {
                known.knew_whole = Some(now);
            }
            RunEventKind::Finished { .. } => known.ended = Some(now),
            _ => {}
        }
        if let RunEventKind::StepFailed { error, .. } | RunEventKind::UndoFailed { error, .. } =
            &event.kind
            && error.message.contains("defect in the console")
        {
            let what = format!("a step of {} panicked", known.name);
            self.violate(trace, at, Rule::NoPanic, what);
            return;
        }
        if let RunEventKind::StepFailed {
            step,
            error,
            will_retry: false,
        }
        | RunEventKind::UndoFailed {
            step,
            error,
            will_retry: false,
        } = &event.kind
            && (known.cancelled.is_none() || known.view.compensation.is_some())
            && weather::may_pass(&error.message)
        {
            let what = format!("{} gives {step} up over what passes: {error}", known.name);
            self.violate(trace, at, Rule::OutlastTrouble, what);
            return;
        }
        let idle = known.idles(&event.kind);
        if idle == 1 {
            let what = format!("{} wrote again what it had written before", known.name);
            self.violate(trace, at, Rule::QuietLooks, what);
        }
    }

    /// A run that does not come further says since when and why, and after a while raises an alarm; at
    /// once, where a permission is missing.
    fn check_alarm(
        &mut self,
        trace: &Trace,
        at: SignedDuration,
        now: jiff::Timestamp,
        run: RunId,
        head: &RunHead,
    ) {
        let Some(known) = self.runs.get(&run) else {
            return;
        };
        let Some((since, error)) = known.view.trouble() else {
            return;
        };
        let patience = match error.kind {
            StepErrorKind::Denied => SignedDuration::ZERO,
            _ => ALARM,
        };
        let sleeps = known.view.wake_at.is_some();
        if sleeps && now.duration_since(since) > patience && head.alarm.is_none() {
            let what = format!(
                "{} cannot go on since {since} and raises no alarm: {error}",
                known.name
            );
            self.violate(trace, at, Rule::SayWhyNot, what);
        } else if sleeps && !head.progress.message.contains(&error.message) {
            let what = format!("{} does not say why it cannot go on: {error}", known.name);
            self.violate(trace, at, Rule::SayWhyNot, what);
        }
    }

    fn check_head(&mut self, trace: &Trace, at: SignedDuration, run: RunId, head: &RunHead) {
        let Some(known) = self.runs.get(&run) else {
            return;
        };
        let folded = known.view.head(jiff::Timestamp::MIN);
        let same = folded.state == head.state
            && folded.finished_at == head.finished_at
            && folded.cancel_seen == head.cancel_seen;
        if !same {
            let what = format!("{}: its head is {head:?}, its log {folded:?}", known.name);
            self.violate(trace, at, Rule::LogFolds, what);
        }
    }
}

impl Known {
    fn add_words(&mut self, event: &RunEventKind) {
        let mut add = |text: &str| {
            self.words.push_str(text);
            self.words.push('\n');
        };
        let mut blame = |error: &StepError| {
            add(&error.message);
            add(error.guidance.as_deref().unwrap_or_default());
        };
        match event {
            RunEventKind::Note { text, .. } => add(text),
            RunEventKind::StepFailed {
                step,
                error,
                will_retry: false,
            }
            | RunEventKind::UndoFailed {
                step,
                error,
                will_retry: false,
            } => {
                blame(error);
                add(step);
            }
            RunEventKind::Finished { summary, .. } => add(&summary.to_string()),
            _ => {}
        }
    }

    /// How often in a row a wait was written that told nothing new.
    fn idles(&mut self, event: &RunEventKind) -> u32 {
        match event {
            RunEventKind::Sleeping {
                step,
                reason: SleepReason::Wait,
                progress,
                ..
            } => {
                let told = (step.clone(), format!("{progress:?}"));
                if self.last_wait.as_ref() == Some(&told) {
                    self.idle_waits += 1;
                    return self.idle_waits;
                }
                self.last_wait = Some(told);
            }
            _ => self.last_wait = None,
        }
        0
    }
}

/// What a run works on, which no other may at the same time.
fn targets(wants: &Wants) -> BTreeSet<String> {
    match wants {
        Wants::Table { scope, name, .. } => {
            BTreeSet::from([format!("table {name} in {}", scope.account)])
        }
        Wants::Plan { ids, name, .. } => ids
            .iter()
            .map(|(scope, id)| match id {
                Some(id) => format!("plan {id} in {}", scope.account),
                None => format!("plan called {name} in {}", scope.account),
            })
            .collect(),
        Wants::Capture { table, bucket } => {
            BTreeSet::from([format!("record-level backup of {table} in {bucket}")])
        }
        Wants::NoPlan { scope, id } => BTreeSet::from([format!("plan {id} in {}", scope.account)]),
        // Two at a time do each other no harm.
        Wants::Resource { .. }
        | Wants::Backups { .. }
        | Wants::Gone { .. }
        | Wants::Kept { .. } => BTreeSet::new(),
    }
}

/// A line of a log as the trace has it.
fn told(event: &RunEventKind) -> String {
    match event {
        RunEventKind::Created { .. } => "created".to_owned(),
        RunEventKind::StepStarted { step, attempt } => format!("begins {step}, attempt {attempt}"),
        RunEventKind::StepProgress { step, progress, .. } => {
            format!("{step}: {:?} {}", progress.percent, progress.message)
        }
        RunEventKind::StepSucceeded { step, output } => format!("has done {step}: {output}"),
        RunEventKind::StepFailed {
            step,
            error,
            will_retry,
        } => format!("fails {step} (again: {will_retry}): {error}"),
        RunEventKind::StepSkipped { step, why } => format!("skips {step}: {why}"),
        RunEventKind::Sleeping {
            step,
            until,
            reason,
            progress,
            ..
        } => format!(
            "sleeps in {step} until {until} ({reason:?}): {}",
            progress.message
        ),
        RunEventKind::UndoStarted { step, attempt } => {
            format!("begins to undo {step}, attempt {attempt}")
        }
        RunEventKind::UndoSucceeded { step } => format!("has undone {step}"),
        RunEventKind::UndoFailed {
            step,
            error,
            will_retry,
        } => format!("fails to undo {step} (again: {will_retry}): {error}"),
        RunEventKind::Note { text, .. } => format!("notes: {text}"),
        RunEventKind::Finished { outcome, summary } => format!("has ended {outcome:?}: {summary}"),
        other => format!("{other:?}"),
    }
}
