//! What is judged when everything is over.

use tidemark_domain::runs::{RunId, RunView};
use tidemark_runs::{MemoryRunStore, RunQuery, RunStore};
use tidemark_services::audit::AuditOutcome;
use tidemark_testkit::FakeAuditLog;

use super::{Oracle, Rule, wants::ask_of};

impl Oracle {
    /// Judges what can only be judged when everything is over.
    pub(crate) async fn close(&self, store: &MemoryRunStore, audit: &FakeAuditLog) {
        self.check_ends();
        self.check_logs(store).await;
        self.check_audit(audit);
    }

    fn check_ends(&self) {
        let at = self.time.elapsed();
        let mut state = self.lock();
        let open: Vec<String> = state
            .runs
            .values()
            .filter(|run| run.ended.is_none())
            .map(|run| {
                let step = run.view.current_step().map(|step| step.name.clone());
                let (name, state) = (&run.name, run.view.state);
                format!("{name} ({}) is still {state} in {step:?}", run.view.kind)
            })
            .collect();
        for what in open {
            state.violate(&self.trace, at, Rule::Ends, what);
        }
    }

    async fn check_logs(&self, store: &MemoryRunStore) {
        let page = store.list(&RunQuery::first(10_000)).await;
        for run in page.map(|page| page.runs).unwrap_or_default() {
            let events = store.events_after(run.id, 0, u32::MAX).await;
            let view = RunView::fold(&events.unwrap_or_default());
            let head = view.head(jiff::Timestamp::MIN);
            if head.state != run.head.state || view.seq != run.seq {
                let (state, seq) = (head.state, view.seq);
                let what = format!(
                    "{}: its row says {} after line {}, its log {state} after line {seq}",
                    self.name(run.id),
                    run.head.state,
                    run.seq
                );
                self.report(Rule::LogFolds, what);
            }
        }
    }

    /// One entry for each start that was allowed and led to a run, and none without one.
    fn check_audit(&self, audit: &FakeAuditLog) {
        let records = audit.records();
        let starts = |ask: usize| {
            records
                .iter()
                .filter(|record| record.entry.outcome == AuditOutcome::Allowed)
                .filter(|record| record.entry.detail.as_deref().and_then(ask_of) == Some(ask))
                .count()
        };
        let at = self.time.elapsed();
        let mut state = self.lock();
        let mut wrong = Vec::new();
        for number in 0..state.asks.len() {
            let runs = state.runs.values().filter(|run| run.ask == Some(number));
            let runs = runs.count();
            let starts = starts(number);
            if starts != runs {
                wrong.push(format!(
                    "ask {number} has {starts} entries in the audit log and {runs} runs"
                ));
            }
        }
        for what in wrong {
            state.violate(&self.trace, at, Rule::AuditEachStart, what);
        }
    }

    fn name(&self, run: RunId) -> String {
        self.lock().name(run)
    }
}
