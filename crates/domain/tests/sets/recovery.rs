use jiff::Timestamp;
use proptest::prelude::*;
use tidemark_domain::{
    Arn, PitrWindow,
    sets::{
        Order, OrderRule, order,
        recovery::{Combination, MOST_COMBINATIONS, MemberHistory, PointMoment, recovery, words},
    },
};

use crate::slow_reference;

pub(crate) fn second(at: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + at).unwrap()
}

pub(crate) fn history(member: &str, points: &[i64], window: Option<(i64, i64)>) -> MemberHistory {
    MemberHistory {
        member: member.to_owned(),
        points: points.iter().map(|at| point(member, *at)).collect(),
        window: window.map(|(earliest, latest)| PitrWindow {
            earliest: second(earliest),
            latest: second(latest),
        }),
        unusable: vec![],
    }
}

fn point(member: &str, at: i64) -> PointMoment {
    PointMoment {
        at: second(at),
        point: Arn::parse(format!(
            "arn:aws:backup:eu-west-1:111122223333:recovery-point:{member}-{at}"
        ))
        .unwrap(),
        vault: Some("v".into()),
    }
}

fn mediation() -> Order {
    let rule = OrderRule {
        member: Some("database".into()),
        no_later_than: vec!["disk".into(), "cache".into()],
        same_second: vec![],
    };
    order(&["disk", "database", "cache"], &[rule]).unwrap()
}

fn moments(combination: &Combination) -> Vec<i64> {
    let base = second(0).as_second();
    combination
        .choices
        .iter()
        .map(|choice| choice.at.as_second() - base)
        .collect()
}

#[test]
fn the_database_is_the_latest_that_is_no_later_than_the_oldest_of_the_others() {
    let histories = [
        history("disk", &[100, 200], None),
        history("database", &[50, 90, 150, 190], None),
        history("cache", &[110, 160], None),
    ];
    let found = recovery(&mediation(), &histories, second(210));
    assert_eq!(moments(&found.combinations[0]), [200, 150, 160]);
    let reasons: Vec<_> = found
        .left_out
        .iter()
        .map(|out| (out.member.as_str(), out.why.as_str()))
        .collect();
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0].0, "database");
    assert!(
        reasons[0]
            .1
            .starts_with("It is 30 seconds later than cache"),
        "{reasons:?}"
    );
}

#[test]
fn point_in_time_recovery_proposes_the_latest_safe_second() {
    let mut disk = history("disk", &[], None);
    let mut at = point("disk", 200);
    at.at = Timestamp::from_millisecond(second(200).as_millisecond() + 700).unwrap();
    disk.points.push(at);
    let histories = [
        disk,
        history("database", &[50], Some((0, 300))),
        history("cache", &[300], None),
    ];
    let found = recovery(&mediation(), &histories, second(400));
    assert_eq!(moments(&found.combinations[0]), [200, 200, 300]);
    let database = &found.combinations[0].choices[1];
    assert!(database.point.is_none() && database.at == second(200));
}

#[test]
fn why_nothing_can_be_combined_is_said() {
    let none = recovery(
        &mediation(),
        &[
            history("disk", &[100], None),
            history("database", &[150], None),
            history("cache", &[120], None),
        ],
        second(200),
    );
    assert!(none.combinations.is_empty());
    let why = none.impossible.unwrap();
    assert!(
        why.contains("database cannot be recovered") && why.contains("the moment of disk"),
        "{why}"
    );
    let empty = recovery(
        &mediation(),
        &[
            history("disk", &[], None),
            history("database", &[1], None),
            history("cache", &[1], None),
        ],
        second(200),
    );
    assert!(
        empty
            .impossible
            .unwrap()
            .starts_with("disk has no recovery point")
    );
    let early = recovery(
        &mediation(),
        &[
            history("disk", &[9], None),
            history("database", &[1], None),
            history("cache", &[1], None),
        ],
        second(5),
    );
    assert!(early.impossible.unwrap().contains("up to the chosen time"));
}

#[test]
fn points_that_no_restore_can_start_from_are_told_of() {
    let mut disk = history("disk", &[100], None);
    disk.unusable
        .push((point("disk", 150), "Its status is CREATING.".into()));
    let found = recovery(
        &mediation(),
        &[
            disk,
            history("database", &[90], None),
            history("cache", &[100, 500], None),
        ],
        second(200),
    );
    let reasons: Vec<_> = found.left_out.iter().map(|out| out.why.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "Its status is CREATING.",
            "It is 5 minutes after the chosen time."
        ]
    );
}

#[test]
fn tables_of_one_second_come_back_to_one_second() {
    let rule = OrderRule {
        same_second: vec!["a".into(), "b".into()],
        ..OrderRule::default()
    };
    let order = order(&["a", "b"], &[rule]).unwrap();
    let histories = [
        history("a", &[10, 20, 30], None),
        history("b", &[10, 25, 30], Some((0, 22))),
    ];
    let found = recovery(&order, &histories, second(29));
    let all: Vec<_> = found.combinations.iter().map(moments).collect();
    assert_eq!(all, [[20, 20], [10, 10]]);
}

#[test]
fn spans_are_told_in_their_two_greatest_units() {
    let words = |seconds| words(jiff::SignedDuration::from_secs(seconds));
    assert_eq!(words(0), "less than a second");
    assert_eq!(words(61), "1 minute 1 second");
    assert_eq!(words(7_200), "2 hours");
    assert_eq!(words(90_061), "1 day 1 hour");
}

fn histories(
    names: &'static [&'static str],
    windows: bool,
) -> impl Strategy<Value = Vec<MemberHistory>> {
    let one = (
        prop::collection::btree_set(0_i64..14, 0..4),
        prop::option::weighted(0.4, (0_i64..14, 0_i64..14)),
    );
    prop::collection::vec(one, names.len()).prop_map(move |all| {
        let mut histories = Vec::new();
        for (name, (points, window)) in names.iter().zip(all) {
            let points: Vec<i64> = points.into_iter().collect();
            let window = window.filter(|_| windows);
            let window = window.map(|(a, b)| (a.min(b), a.max(b)));
            histories.push(history(name, &points, window));
        }
        histories
    })
}

fn rules() -> impl Strategy<Value = Vec<OrderRule>> {
    let name = prop::sample::select(vec!["a", "b", "c", "d"]);
    let list = prop::collection::vec(name.clone(), 1..3);
    let rule = (name, list, any::<bool>()).prop_map(|(member, others, same)| {
        let mut others: Vec<String> = others.into_iter().map(str::to_owned).collect();
        if same {
            others.push(member.to_owned());
            others.push("d".to_owned());
            OrderRule {
                same_second: others,
                ..OrderRule::default()
            }
        } else {
            OrderRule {
                member: Some(member.to_owned()),
                no_later_than: others,
                same_second: vec![],
            }
        }
    });
    prop::collection::vec(rule, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_offered_database_is_newer_than_the_older_of_disk_and_cache(
        histories in histories(&["disk", "database", "cache"], true),
        at in 0_i64..16,
    ) {
        let found = recovery(&mediation(), &histories, second(at));
        for combination in &found.combinations {
            let [disk, database, cache] = moments(combination)[..] else { panic!("three members") };
            prop_assert!(database <= disk.min(cache) && disk <= at && cache <= at);
        }
        prop_assert_eq!(found.combinations.is_empty(), found.impossible.is_some());
    }

    #[test]
    fn what_is_offered_is_what_a_slow_search_finds(
        histories in histories(&["a", "b", "c", "d"], true),
        rules in rules(),
        at in 0_i64..16,
    ) {
        let names = ["a", "b", "c", "d"];
        let Ok(order) = order(&names, &rules) else { return Ok(()) };
        let found = recovery(&order, &histories, second(at));
        let valid = slow_reference::valid(&names, &rules, &histories, second(at));
        for combination in &found.combinations {
            let times: Vec<Timestamp> = combination.choices.iter().map(|choice| choice.at).collect();
            prop_assert!(valid.contains(&times), "offered, but not allowed: {:?}", moments(combination));
        }
        let best = slow_reference::best(&valid);
        let offered = found.combinations.first().map(|first| first.choices.iter().map(|choice| choice.at).collect());
        prop_assert_eq!(offered, best);
    }

    #[test]
    fn of_points_alone_the_whole_list_is_what_a_slow_search_finds(
        histories in histories(&["a", "b", "c", "d"], false),
        rules in rules(),
        at in 0_i64..16,
    ) {
        let names = ["a", "b", "c", "d"];
        let Ok(order) = order(&names, &rules) else { return Ok(()) };
        let found = recovery(&order, &histories, second(at));
        let offered: Vec<Vec<Timestamp>> = found.combinations.iter()
            .map(|one| one.choices.iter().map(|choice| choice.at).collect())
            .collect();
        let closest = slow_reference::closest(&names, &rules, &histories, second(at));
        // Of those that are as good as one another, either may be left out at the end of the list.
        let rank = |times: &Vec<Timestamp>| slow_reference::rank(times);
        let expected: Vec<_> = closest.iter().take(MOST_COMBINATIONS).map(rank).collect();
        prop_assert_eq!(offered.iter().map(rank).collect::<Vec<_>>(), expected);
        for times in &offered {
            prop_assert!(closest.contains(times));
        }
    }
}
