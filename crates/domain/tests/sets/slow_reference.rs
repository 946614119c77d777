//! Recovery combinations by trying everything, written from the words of the rules and from nothing else.

use jiff::Timestamp;
use tidemark_domain::sets::{OrderRule, recovery::MemberHistory};

use crate::recovery::second;

/// Every moment of a member: points, and each second of its window.
fn moments(history: &MemberHistory) -> Vec<Timestamp> {
    let mut all: Vec<Timestamp> = history.points.iter().map(|point| point.at).collect();
    if let Some(window) = history.window {
        for at in -1..20 {
            let at = second(at);
            if window.earliest <= at && at <= window.latest {
                all.push(at);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn holds(names: &[&str], rules: &[OrderRule], times: &[Timestamp]) -> bool {
    let of = |name: &String| times[names.iter().position(|known| known == name).unwrap()];
    rules.iter().all(|rule| match &rule.member {
        Some(member) => rule.no_later_than.iter().all(|than| of(member) <= of(than)),
        None => rule
            .same_second
            .iter()
            .all(|member| of(member) == of(&rule.same_second[0])),
    })
}

/// Every combination that the rules allow.
pub(crate) fn valid(
    names: &[&str],
    rules: &[OrderRule],
    histories: &[MemberHistory],
    at: Timestamp,
) -> Vec<Vec<Timestamp>> {
    let mut all: Vec<Vec<Timestamp>> = vec![vec![]];
    for history in histories {
        let mut longer = Vec::new();
        for moment in moments(history).into_iter().filter(|moment| *moment <= at) {
            for begun in &all {
                let mut next = begun.clone();
                next.push(moment);
                longer.push(next);
            }
        }
        all = longer;
    }
    all.retain(|times| holds(names, rules, times));
    all
}

/// How little is lost: the oldest moment, then the sum.
pub(crate) fn rank(times: &[Timestamp]) -> (Timestamp, i128) {
    let oldest = times.iter().min().copied().unwrap();
    (oldest, times.iter().map(|time| time.as_nanosecond()).sum())
}

/// The one that loses the least.
pub(crate) fn best(valid: &[Vec<Timestamp>]) -> Option<Vec<Timestamp>> {
    valid.iter().max_by_key(|times| rank(times)).cloned()
}

/// Those in which what a rule bounds is as close before its bound as can be, the best first: no bounded members can be
/// taken later, alone or together with those of the same second, while all that bounds them stays.
pub(crate) fn closest(
    names: &[&str],
    rules: &[OrderRule],
    histories: &[MemberHistory],
    at: Timestamp,
) -> Vec<Vec<Timestamp>> {
    let valid = valid(names, rules, histories, at);
    let bounded: Vec<bool> = {
        let mut bounded: Vec<bool> = names
            .iter()
            .map(|name| {
                rules
                    .iter()
                    .any(|rule| rule.member.as_deref() == Some(name))
            })
            .collect();
        // Who shares a second with a bounded member is bounded too.
        for _ in names {
            for rule in rules.iter().filter(|rule| rule.member.is_none()) {
                let places: Vec<usize> = rule
                    .same_second
                    .iter()
                    .map(|member| names.iter().position(|name| name == member).unwrap())
                    .collect();
                if places.iter().any(|place| bounded[*place]) {
                    for place in places {
                        bounded[place] = true;
                    }
                }
            }
        }
        bounded
    };
    let free_of = |times: &Vec<Timestamp>| -> Vec<Timestamp> {
        times
            .iter()
            .zip(&bounded)
            .filter(|(_, bounded)| !**bounded)
            .map(|(time, _)| *time)
            .collect()
    };
    let mut closest: Vec<Vec<Timestamp>> = valid
        .iter()
        .filter(|times| {
            !valid.iter().any(|other| {
                other != *times
                    && free_of(other) == free_of(times)
                    && other.iter().zip(*times).all(|(other, mine)| other >= mine)
            })
        })
        .cloned()
        .collect();
    closest.sort_by_key(|times| std::cmp::Reverse(rank(times)));
    closest
}
