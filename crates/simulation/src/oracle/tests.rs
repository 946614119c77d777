//! Each rule can fail: a deed that breaks it is found, and the same deed done rightly is not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_domain::{
    Scope, TableSettings,
    runs::{
        CancelRequest, Outcome, Run, RunEvent, RunEventKind, RunId, RunLabels, RunView, SleepReason,
    },
};
use tidemark_runs::NewRun;
use tidemark_services::{
    audit::{AuditEntry, AuditOutcome},
    ports::{AuditLog as _, Target},
};
use tidemark_testkit::{
    FakeAuditLog, FakeCaptures, FakeCloud, FakeRecordsCloud, FakeRunItems, FakeTable, Passing,
    build,
};

use super::{Oracle, Rule, Seen, Wants, reason};
use crate::{
    time::TrueTime,
    trace::{Keep, Trace},
};

struct Scene {
    oracle: Oracle,
    aws: FakeCloud,
    time: TrueTime,
    scope: Scope,
}

impl Scene {
    fn new() -> Self {
        let time = TrueTime::start();
        let scope = build::scope("111122223333", "eu-west-1");
        let aws = FakeCloud::new(time.aws().clone())
            .with_account(&build::connection("111122223333"), &["eu-west-1"])
            .with_table(&scope, FakeTable::new("orders").items(100));
        let seen = Seen {
            aws: aws.clone(),
            items: FakeRunItems::default(),
            records: FakeRecordsCloud::default(),
            captures: FakeCaptures::default(),
        };
        let oracle = Oracle::new(seen, time.clone(), Trace::new(Keep::Nothing), true);
        oracle.begin(std::slice::from_ref(&scope));
        Self {
            oracle,
            aws,
            time,
            scope,
        }
    }

    fn wants_table(&self, settings: TableSettings) -> Wants {
        Wants::Table {
            scope: self.scope.clone(),
            name: "back".to_owned(),
            items: 100,
            settings,
        }
    }

    /// A run for what somebody wants.
    fn run(&self, wants: Wants) -> Run {
        let ask = self.oracle.ask("olga", wants);
        self.run_for(ask)
    }

    fn run_for(&self, ask: usize) -> Run {
        let now = self.time.now();
        let new = NewRun {
            id: self.oracle.next_id(now),
            kind: "restore".to_owned(),
            params_version: 1,
            params: Value::Null,
            creator: "olga".to_owned(),
            reason: reason(ask),
            labels: RunLabels::default(),
            idempotency_key: None,
            created_at: now,
            created: RunEventKind::Created {
                run_kind: "restore".to_owned(),
                params_version: 1,
                creator: "olga".to_owned(),
                reason: reason(ask),
                labels: RunLabels::default(),
                steps: Vec::new(),
                awaiting_approval: false,
            },
            not_before: now,
        };
        let run = new.to_run();
        self.oracle.created(&run, &new.first_event());
        run
    }

    /// A call of a run, and what it does.
    fn call(&self, run: &Run, operation: &'static str, deed: impl FnOnce()) {
        let mut target: Target = build::target(&self.scope);
        let name = format!("tidemark-run-{}", run.id);
        target.session.session_name = tidemark_domain::SessionName::from_text(&name);
        let call = Passing {
            operation,
            target: &target,
            subject: "back",
        };
        self.oracle.before(call);
        deed();
        self.oracle.after(call);
    }

    fn make_table(&self, run: &Run, items: i64) {
        self.call(run, "restore_table", || {
            self.aws
                .add_table(&self.scope, FakeTable::new("back").items(items));
        });
    }

    /// Lines that a run writes, beginning after its first one.
    fn log(&self, run: RunId, kinds: Vec<RunEventKind>) {
        let first = self.oracle.lock().runs[&run].view.seq + 1;
        for (seq, kind) in (first..).zip(kinds) {
            let event = RunEvent {
                seq,
                at: self.time.now(),
                kind,
            };
            let mut view = self.oracle.lock().runs[&run].view.clone();
            view.apply(&event);
            let head = view.head(event.at);
            self.oracle.appended("a", run, &[event], &head);
        }
    }

    fn end(&self, run: &Run, outcome: Outcome) {
        let summary = Value::Null;
        self.log(run.id, vec![RunEventKind::Finished { outcome, summary }]);
    }

    fn broken(&self) -> Vec<Rule> {
        let violations = self.oracle.violations();
        violations.iter().map(|violation| violation.rule).collect()
    }
}

fn done(step: &str) -> RunEventKind {
    RunEventKind::StepSucceeded {
        step: step.to_owned(),
        output: Value::Null,
    }
}

fn cancel(run: &Run, scene: &Scene) -> Run {
    Run {
        cancel: Some(CancelRequest {
            by: "olga".to_owned(),
            reason: String::new(),
            at: scene.time.now(),
        }),
        ..run.clone()
    }
}

#[test]
fn a_restore_that_does_what_was_asked_breaks_no_rule() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.end(&run, Outcome::Succeeded);
    assert_eq!(scene.broken(), []);
}

#[test]
fn deleting_what_came_back_is_found_unless_it_was_cancelled_before() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.call(&run, "delete_table", || {
        scene.aws.drop_table(&scene.scope, "back");
    });
    assert_eq!(scene.broken(), [Rule::KeepWhatCameBack]);

    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.oracle.cancelled(&cancel(&run, &scene));
    scene.call(&run, "delete_table", || {
        scene.aws.drop_table(&scene.scope, "back");
    });
    scene.end(&run, Outcome::Cancelled);
    assert_eq!(scene.broken(), []);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_after_the_table_was_whole_is_too_late() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.log(run.id, vec![done("wait-until-active")]);
    crate::time::wait(SignedDuration::from_secs(1)).await;
    scene.oracle.cancelled(&cancel(&run, &scene));
    scene.call(&run, "delete_table", || {
        scene.aws.drop_table(&scene.scope, "back");
    });
    assert_eq!(scene.broken(), [Rule::KeepWhatCameBack]);
}

#[test]
fn touching_what_was_there_before_is_found() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.call(&run, "put_stream", || {
        scene.aws.set_items(&scene.scope, "orders", 1);
    });
    assert_eq!(scene.broken(), [Rule::ChangeOnlyItsOwn]);
}

#[test]
fn deleting_what_another_run_made_is_found() {
    let scene = Scene::new();
    let one = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&one, 100);
    scene.end(&one, Outcome::Succeeded);
    let two = scene.run(scene.wants_table(TableSettings::default()));
    scene.call(&two, "delete_table", || {
        scene.aws.drop_table(&scene.scope, "back");
    });
    assert_eq!(scene.broken(), [Rule::ChangeOnlyItsOwn]);
}

#[test]
fn having_a_table_made_twice_is_found() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.oracle.look(&scene.scope);
    scene.aws.drop_table(&scene.scope, "back");
    scene.oracle.outsider(&scene.scope, "deletes the table");
    scene.make_table(&run, 100);
    assert_eq!(scene.broken(), [Rule::Once]);
}

#[test]
fn two_runs_on_one_target_and_a_repeat_that_is_another_run_are_found() {
    let scene = Scene::new();
    let wants = scene.wants_table(TableSettings::default());
    scene.run(wants.clone());
    scene.run(wants.clone());
    assert_eq!(scene.broken(), [Rule::OneRunPerTarget]);

    let scene = Scene::new();
    let of = BTreeSet::from([build::table_arn(&scene.scope, "orders")]);
    let ask = scene.oracle.ask(
        "olga",
        Wants::Backups {
            scope: scene.scope.clone(),
            of,
            into: "Default".to_owned(),
        },
    );
    scene.run_for(ask);
    scene.run_for(ask);
    assert_eq!(scene.broken(), [Rule::RepeatIsOneRun]);
}

#[test]
fn a_success_that_is_none_is_found() {
    // No table at all.
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.end(&run, Outcome::Succeeded);
    assert_eq!(scene.broken(), [Rule::TellTheTruth]);
    // Not all of the data.
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 99);
    scene.end(&run, Outcome::Succeeded);
    assert_eq!(scene.broken(), [Rule::TellTheTruth]);
    // Without a setting that was asked for.
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings {
        tags: BTreeMap::from([("owner".to_owned(), "olga".to_owned())]),
        ..TableSettings::default()
    }));
    scene.make_table(&run, 100);
    scene.end(&run, Outcome::Succeeded);
    assert_eq!(scene.broken(), [Rule::TellTheTruth]);
}

#[test]
fn what_a_failed_run_leaves_has_to_be_named() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    scene.end(&run, Outcome::Failed);
    assert_eq!(scene.broken(), [Rule::NameWhatIsLeft]);

    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.make_table(&run, 100);
    let text = "The table back stays; delete it where it is not wanted.".to_owned();
    let level = tidemark_domain::runs::NoteLevel::Warning;
    scene.log(run.id, vec![RunEventKind::Note { level, text }]);
    scene.end(&run, Outcome::Failed);
    assert_eq!(scene.broken(), []);
}

#[test]
fn a_restore_that_is_asked_for_twice_is_found_unless_others_took_the_first_and_its_answer_was_lost()
{
    let begun = || RunEventKind::StepStarted {
        step: "create-table".to_owned(),
        attempt: 1,
    };
    let deleted_by_others = |scene: &Scene| {
        scene.oracle.look(&scene.scope);
        scene.aws.drop_table(&scene.scope, "back");
        scene.oracle.outsider(&scene.scope, "deletes back");
    };
    // The run has no word of the first.
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.log(run.id, vec![begun()]);
    scene.make_table(&run, 100);
    deleted_by_others(&scene);
    scene.make_table(&run, 100);
    assert_eq!(scene.broken(), []);

    // It knows that it had one.
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.log(run.id, vec![begun()]);
    scene.make_table(&run, 100);
    scene.log(run.id, vec![done("create-table")]);
    deleted_by_others(&scene);
    scene.make_table(&run, 100);
    assert_eq!(scene.broken(), [Rule::Once]);
}

#[test]
fn a_head_that_is_not_the_fold_of_its_log_and_a_missing_line_are_found() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    let event = RunEvent {
        seq: 2,
        at: scene.time.now(),
        kind: done("create-table"),
    };
    let head = RunView::default().head(scene.time.now());
    scene.oracle.appended("a", run.id, &[event], &head);
    assert_eq!(scene.broken(), [Rule::LogFolds]);

    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    let event = RunEvent {
        seq: 3,
        at: scene.time.now(),
        kind: done("create-table"),
    };
    let head = scene.oracle.lock().runs[&run.id]
        .view
        .head(scene.time.now());
    scene.oracle.appended("a", run.id, &[event], &head);
    assert_eq!(scene.broken(), [Rule::LogFolds]);
}

#[test]
fn a_look_that_writes_what_is_known_is_found() {
    let wait = |message: &str, looks: u32| RunEventKind::Sleeping {
        step: "wait-until-active".to_owned(),
        until: build::moment(),
        reason: SleepReason::Wait,
        progress: tidemark_domain::runs::Progress {
            percent: None,
            message: message.to_owned(),
        },
        memo: Some(json!(looks)),
    };
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    scene.log(run.id, vec![wait("CREATING", 1), wait("UPDATING", 2)]);
    assert_eq!(scene.broken(), []);
    scene.log(run.id, vec![wait("UPDATING", 3)]);
    assert_eq!(scene.broken(), [Rule::QuietLooks]);
}

#[tokio::test]
async fn a_run_that_does_not_end_and_a_start_without_an_entry_are_found() {
    let scene = Scene::new();
    let run = scene.run(scene.wants_table(TableSettings::default()));
    let store = tidemark_runs::MemoryRunStore::new();
    let audit = FakeAuditLog::default();
    scene.oracle.close(&store, &audit).await;
    assert_eq!(scene.broken(), [Rule::Ends, Rule::AuditEachStart]);

    let scene = Scene::new();
    let again = scene.run(scene.wants_table(TableSettings::default()));
    assert_eq!(again.reason, run.reason);
    let entry = AuditEntry {
        at: scene.time.now(),
        actor: "olga".to_owned(),
        origin: "page".to_owned(),
        action: "restore.start".to_owned(),
        subject: "orders".to_owned(),
        outcome: AuditOutcome::Allowed,
        plan_digest: None,
        detail: Some(format!("A new table. Reason: {}", again.reason)),
        request_ids: Vec::new(),
    };
    audit.append(&entry).await.unwrap();
    scene.make_table(&again, 100);
    scene.end(&again, Outcome::Succeeded);
    scene.oracle.close(&store, &audit).await;
    assert_eq!(scene.broken(), []);
}
