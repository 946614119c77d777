//! Whether resources are protected as the rules of the house ask.
#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use tidemark_domain::{
    PitrWindow, ResourceType, Verdict,
    coverage::{
        Control, ControlForm, ControlKind, ControlScope, Coverage, CoverageFacts, CoverageFilter,
        coverage_row, evaluate,
    },
};

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

fn facts() -> CoverageFacts {
    CoverageFacts {
        arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
            .parse()
            .unwrap(),
        resource_type: ResourceType::DynamoDb,
        account: "111122223333".parse().unwrap(),
        region: "eu-west-1".parse().unwrap(),
        name: "orders".to_owned(),
        owner: None,
        tags: [("stage".to_owned(), "prod".to_owned())].into(),
        created_at: Some(ago(10_000)),
        pitr: None,
        points: 3,
        newest: Some(ago(20)),
        oldest: Some(ago(900)),
        newest_other_region: Some(ago(100)),
        newest_other_account: None,
        newest_locked: None,
        longest_kept_days: Some(35),
        last_restore: Some(ago(24 * 80)),
        encrypted: None,
        plans: Some(vec!["gold".to_owned()]),
    }
}

fn control(kind: ControlKind) -> Control {
    Control {
        id: "c".to_owned(),
        name: "C".to_owned(),
        kind,
        scope: ControlScope::default(),
        enabled: true,
    }
}

#[rstest]
#[case(ControlKind::InPlan, Verdict::Pass)]
#[case(ControlKind::Frequency { hours: 20 }, Verdict::Pass)]
#[case(ControlKind::Frequency { hours: 19 }, Verdict::Fail)]
#[case(ControlKind::Retention { days: 35 }, Verdict::Pass)]
#[case(ControlKind::Retention { days: 36 }, Verdict::Fail)]
#[case(ControlKind::OtherRegion { hours: 100 }, Verdict::Pass)]
#[case(ControlKind::OtherRegion { hours: 99 }, Verdict::Fail)]
#[case(ControlKind::OtherAccount { hours: 87_600 }, Verdict::Fail)]
#[case(ControlKind::Locked { hours: 87_600 }, Verdict::Fail)]
#[case(ControlKind::Encrypted, Verdict::Unknown)]
#[case(ControlKind::RestoreTested { days: 80 }, Verdict::Pass)]
#[case(ControlKind::RestoreTested { days: 79 }, Verdict::Fail)]
fn controls_hold_a_resource_against_their_limit(
    #[case] kind: ControlKind,
    #[case] verdict: Verdict,
) {
    let result = evaluate(&control(kind), &facts(), now()).unwrap();
    assert_eq!(result.verdict, verdict, "{}", result.why);
    assert!(result.why.ends_with('.'));
}

#[test]
fn what_is_not_known_is_never_a_pass() {
    let mut unread = facts();
    unread.plans = None;
    let result = evaluate(&control(ControlKind::InPlan), &unread, now()).unwrap();
    assert_eq!(result.verdict, Verdict::Unknown);
    unread.encrypted = Some(false);
    let result = evaluate(&control(ControlKind::Encrypted), &unread, now()).unwrap();
    assert_eq!(result.verdict, Verdict::Fail);
}

#[test]
fn the_continuous_window_counts_for_frequency_and_not_for_retention() {
    let mut pitr = facts();
    pitr.newest = None;
    pitr.longest_kept_days = None;
    pitr.pitr = Some(PitrWindow {
        earliest: ago(800),
        latest: ago(0),
    });
    let frequency = evaluate(&control(ControlKind::Frequency { hours: 1 }), &pitr, now()).unwrap();
    assert_eq!(frequency.verdict, Verdict::Pass);
    let kept = evaluate(&control(ControlKind::Retention { days: 1 }), &pitr, now()).unwrap();
    assert_eq!(kept.verdict, Verdict::Fail);
}

#[test]
fn a_control_asks_nothing_of_what_lies_outside_its_scope_or_when_it_is_off() {
    let asks = |scope: ControlScope| {
        let control = Control {
            scope,
            ..control(ControlKind::InPlan)
        };
        evaluate(&control, &facts(), now()).is_some()
    };
    let tag = |key: &str, value: &str| ControlScope {
        tag: Some((key.to_owned(), value.to_owned())),
        ..ControlScope::default()
    };
    assert!(asks(tag("stage", "prod")) && asks(tag("stage", "")));
    assert!(!asks(tag("stage", "test")) && !asks(tag("team", "")));
    assert!(!asks(ControlScope {
        types: vec![ResourceType::Rds],
        ..ControlScope::default()
    }));
    assert!(!asks(ControlScope {
        regions: vec!["us-east-1".parse().unwrap()],
        ..ControlScope::default()
    }));
    let off = Control {
        enabled: false,
        ..control(ControlKind::InPlan)
    };
    assert_eq!(evaluate(&off, &facts(), now()), None);
}

#[test]
fn a_resource_is_covered_by_plan_by_hand_or_not_at_all() {
    let mut one = facts();
    assert_eq!(one.coverage(), Coverage::ByPlan);
    one.plans = Some(Vec::new());
    assert_eq!(one.coverage(), Coverage::ByHand);
    assert_eq!(one.unprotected_since(), Some(ago(20)));
    one.points = 0;
    one.newest = None;
    assert_eq!(one.coverage(), Coverage::Not);
    assert_eq!(one.unprotected_since(), one.created_at);
}

#[test]
fn rows_are_filtered_by_how_they_are_protected_and_what_they_fail() {
    let controls = [
        Control {
            id: "copy".to_owned(),
            ..control(ControlKind::OtherAccount { hours: 1 })
        },
        control(ControlKind::InPlan),
    ];
    let row = coverage_row(&facts(), &controls, now());
    assert_eq!(row.failed(), 1);
    let keeps = |filter: CoverageFilter| filter.keeps(&row);
    let fails = |id: &str| CoverageFilter {
        fails: Some(id.to_owned()),
        ..CoverageFilter::default()
    };
    assert!(keeps(CoverageFilter::default()) && keeps(fails("copy")) && !keeps(fails("c")));
    assert!(!keeps(CoverageFilter {
        coverage: Some(Coverage::Not),
        ..CoverageFilter::default()
    }));
}

#[test]
fn the_controls_that_a_console_begins_with_are_right() {
    for control in Control::defaults() {
        assert_eq!(control.check(), Ok(()), "{}", control.id);
    }
}

/// Breaks a form.
type Change = fn(&mut ControlForm);

#[test]
fn a_form_becomes_a_control_or_names_its_field() {
    let form = ControlForm {
        name: "Daily, for Production!".to_owned(),
        kind: "frequency".to_owned(),
        limit: "26".to_owned(),
        of: "DynamoDB, EFS, stage = prod, 111122223333, eu-west-1".to_owned(),
        enabled: true,
        ..ControlForm::default()
    };
    let control = form.control().unwrap();
    assert_eq!(control.id, "daily-for-production");
    assert_eq!(control.kind, ControlKind::Frequency { hours: 26 });
    assert_eq!(
        control.scope.explain(),
        "DynamoDB, EFS in 111122223333 in eu-west-1 tagged stage=prod"
    );
    let again = ControlForm {
        of: control.scope.typed(),
        ..form.clone()
    };
    assert_eq!(again.control(), Ok(control));
    let changes: [(&str, Change); 6] = [
        ("name", |form| form.name = "  ".to_owned()),
        ("kind", |form| form.kind = "magic".to_owned()),
        ("limit", |form| form.limit = "0".to_owned()),
        ("limit", |form| form.limit = "soon".to_owned()),
        ("of", |form| form.of = "12".to_owned()),
        ("of", |form| form.of = "=x".to_owned()),
    ];
    for (field, change) in changes {
        let mut wrong = form.clone();
        wrong.id = "kept".to_owned();
        change(&mut wrong);
        assert_eq!(wrong.control().unwrap_err().field, field);
    }
}
