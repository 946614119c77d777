use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tidemark_runs::{
    Always, CompensationCause, NoteLevel, OnFailure, Outcome, Progress, RunEvent, RunEventKind,
    RunLabels, RunState, RunView, SleepReason, StepError, StepErrorKind, StepPlan,
};

fn time() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_i64).prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", ".{0,8}"]
}

fn json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        any::<bool>().prop_map(|b| json!({"b": [b]})),
    ]
}

/// A memo or a detail: absent and null are the same in JSON, so null is not among them.
fn some_json() -> impl Strategy<Value = Option<Value>> {
    json().prop_map(|value| Some(value).filter(|value| !value.is_null()))
}

fn error() -> impl Strategy<Value = StepError> {
    let kind = prop_oneof![
        Just(StepErrorKind::Retryable),
        Just(StepErrorKind::Permanent),
        Just(StepErrorKind::Denied),
        Just(StepErrorKind::Conflict),
        Just(StepErrorKind::Cancelled),
    ];
    (kind, ".{0,8}", proptest::option::of(".{0,8}")).prop_map(|(kind, message, guidance)| {
        let mut error = StepError::new(kind, message);
        error.guidance = guidance;
        error
    })
}

fn progress() -> impl Strategy<Value = Progress> {
    (proptest::option::of(any::<u8>()), ".{0,8}")
        .prop_map(|(percent, message)| Progress { percent, message })
}

fn plan() -> impl Strategy<Value = StepPlan> {
    let always = prop_oneof![
        Just(Always::No),
        Just(Always::Yes),
        name().prop_map(Always::OnceStarted),
    ];
    let warns = any::<bool>().prop_map(|warns| {
        if warns {
            OnFailure::Warn
        } else {
            OnFailure::Undo
        }
    });
    (name(), name(), any::<bool>(), always, warns, any::<bool>()).prop_map(
        |(name, title, undo, always, on_failure, seals)| StepPlan {
            name,
            title,
            undo,
            always,
            on_failure,
            seals,
            at_most_seconds: None,
        },
    )
}

fn created() -> impl Strategy<Value = RunEventKind> {
    (name(), vec(plan(), 0..4), any::<bool>()).prop_map(|(creator, steps, awaiting_approval)| {
        RunEventKind::Created {
            run_kind: "k".to_owned(),
            params_version: 1,
            creator,
            reason: String::new(),
            labels: RunLabels::default(),
            steps,
            awaiting_approval,
        }
    })
}

fn step_event() -> impl Strategy<Value = RunEventKind> {
    prop_oneof![
        (name(), any::<u32>())
            .prop_map(|(step, attempt)| RunEventKind::StepStarted { step, attempt }),
        (name(), progress(), some_json()).prop_map(|(step, progress, detail)| {
            RunEventKind::StepProgress {
                step,
                progress,
                detail,
            }
        }),
        (name(), json()).prop_map(|(step, output)| RunEventKind::StepSucceeded { step, output }),
        (name(), error(), any::<bool>()).prop_map(|(step, error, will_retry)| {
            RunEventKind::StepFailed {
                step,
                error,
                will_retry,
            }
        }),
        (name(), name()).prop_map(|(step, why)| RunEventKind::StepSkipped { step, why }),
        (name(), time(), any::<bool>(), progress(), some_json()).prop_map(
            |(step, until, wait, progress, memo)| RunEventKind::Sleeping {
                step,
                until,
                reason: if wait {
                    SleepReason::Wait
                } else {
                    SleepReason::Retry
                },
                progress,
                memo,
            }
        ),
        (name(), any::<u32>())
            .prop_map(|(step, attempt)| RunEventKind::UndoStarted { step, attempt }),
        name().prop_map(|step| RunEventKind::UndoSucceeded { step }),
        (name(), error(), any::<bool>()).prop_map(|(step, error, will_retry)| {
            RunEventKind::UndoFailed {
                step,
                error,
                will_retry,
            }
        }),
    ]
}

fn event_kind() -> impl Strategy<Value = RunEventKind> {
    let outcome = prop_oneof![
        Just(Outcome::Succeeded),
        Just(Outcome::Failed),
        Just(Outcome::Cancelled),
    ];
    prop_oneof![
        1 => created(),
        8 => step_event(),
        1 => name().prop_map(|by| RunEventKind::Approved { by }),
        1 => (name(), name()).prop_map(|(by, reason)| RunEventKind::Rejected { by, reason }),
        1 => (name(), name()).prop_map(|(by, reason)| RunEventKind::CancelRequested { by, reason }),
        1 => name().prop_map(|step| RunEventKind::CompensationStarted {
            cause: CompensationCause::StepFailed(step),
        }),
        1 => Just(RunEventKind::CompensationStarted {
            cause: CompensationCause::Cancelled,
        }),
        1 => (outcome, json())
            .prop_map(|(outcome, summary)| RunEventKind::Finished { outcome, summary }),
        1 => name().prop_map(|text| RunEventKind::Note {
            level: NoteLevel::Info,
            text,
        }),
    ]
}

fn log() -> impl Strategy<Value = Vec<RunEvent>> {
    vec((time(), event_kind()), 0..40).prop_map(|events| {
        (1..)
            .zip(events)
            .map(|(seq, (at, kind))| RunEvent { seq, at, kind })
            .collect()
    })
}

proptest! {
    #[test]
    fn any_prefix_of_any_log_folds(log in log(), cut in 0_usize..40) {
        let prefix = &log[..cut.min(log.len())];
        let view = RunView::fold(prefix);
        prop_assert_eq!(view.seq, u64::try_from(prefix.len()).unwrap());
        let head = view.head(Timestamp::UNIX_EPOCH);
        prop_assert_eq!(head.state, view.state);
        prop_assert_eq!(
            head.wake_at.is_none(),
            view.state.is_terminal() || view.state == RunState::AwaitingApproval
        );
        if let Some(percent) = head.progress.percent {
            prop_assert!(percent <= 100);
        }
        // Folding the rest on top gives what folding everything gives.
        let mut resumed = view;
        for event in &log[prefix.len()..] {
            resumed.apply(event);
        }
        prop_assert_eq!(resumed, RunView::fold(&log));
    }

    #[test]
    fn events_that_come_twice_change_nothing(log in log(), cut in 0_usize..40) {
        let mut view = RunView::fold(&log);
        let expected = view.clone();
        for event in log.iter().skip(cut) {
            view.apply(event);
        }
        prop_assert_eq!(view, expected);
    }

    #[test]
    fn events_and_views_survive_json(log in log()) {
        let text = serde_json::to_string(&log).unwrap();
        let read: Vec<RunEvent> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &log);
        for event in &log {
            let text = serde_json::to_string(&event.kind).unwrap();
            let kind: RunEventKind = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&kind, &event.kind);
        }
        let view = RunView::fold(&log);
        let text = serde_json::to_string(&view).unwrap();
        prop_assert_eq!(serde_json::from_str::<RunView>(&text).unwrap(), view);
    }
}
