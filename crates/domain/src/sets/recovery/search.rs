use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

use jiff::{SignedDuration, Timestamp};

use super::{Choice, Combination, MemberHistory, PointMoment};
use crate::sets::Order;

/// The most combinations that are offered.
pub const MOST_COMBINATIONS: usize = 10;
/// How far down the moments of one member are followed.
const MOST_MOMENTS: usize = 200;
const MOST_TRIED: usize = 20_000;

/// The combinations that satisfy the rules, those that lose the least first: by the oldest moment, then by the sum of all.
///
/// The later the moments of what nothing bounds, the later those of what is bounded by it: so the first combination has the
/// latest possible moment of every member at once, and the others are found by stepping back one member at a time.
pub fn combinations(order: &Order, histories: &[MemberHistory], at: Timestamp) -> Vec<Combination> {
    let free: Vec<usize> = order
        .sorted
        .iter()
        .copied()
        .filter(|group| order.bounds[*group].is_empty())
        .collect();
    let moments: Vec<Vec<Timestamp>> = free
        .iter()
        .map(|group| descending(&order.groups[*group], histories, at))
        .collect();
    let mut open = BinaryHeap::new();
    let mut tried = HashSet::new();
    let first = vec![0; free.len()];
    let build = |steps: &[usize]| build(order, histories, &free, &moments, steps);
    if let Some(found) = build(&first) {
        open.push((Rank::of(&found), Reverse(first.clone())));
        tried.insert(first);
    }
    let mut found = Vec::new();
    while let Some((_, Reverse(steps))) = open.pop() {
        let Some(combination) = build(&steps) else {
            continue;
        };
        found.push(combination);
        if found.len() == MOST_COMBINATIONS || tried.len() > MOST_TRIED {
            break;
        }
        for back in 0..steps.len() {
            let mut next = steps.clone();
            next[back] += 1;
            if !tried.contains(&next)
                && let Some(combination) = build(&next)
            {
                open.push((Rank::of(&combination), Reverse(next.clone())));
                tried.insert(next);
            }
        }
    }
    found
}

/// The higher, the less is lost.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    oldest: Timestamp,
    sum: i128,
}

impl Rank {
    fn of(combination: &Combination) -> Self {
        Self {
            oldest: combination.oldest,
            sum: combination
                .choices
                .iter()
                .map(|choice| choice.at.as_nanosecond())
                .sum(),
        }
    }
}

/// The combination with the free groups that many moments back; none where a group has no moment left.
fn build(
    order: &Order,
    histories: &[MemberHistory],
    free: &[usize],
    moments: &[Vec<Timestamp>],
    steps: &[usize],
) -> Option<Combination> {
    let mut chosen: Vec<Option<Choice>> = vec![None; histories.len()];
    for group in &order.sorted {
        let members = &order.groups[*group];
        let bound = match free.iter().position(|free| free == group) {
            Some(nth) => *moments[nth].get(steps[nth])?,
            None => bound_of(order, *group, &chosen)?,
        };
        for choice in latest(members, histories, bound)? {
            chosen[choice.0] = Some(choice.1);
        }
    }
    let choices: Vec<Choice> = chosen.into_iter().collect::<Option<_>>()?;
    let oldest = choices.iter().map(|choice| choice.at).min()?;
    let newest = choices.iter().map(|choice| choice.at).max()?;
    Some(Combination {
        choices,
        oldest,
        newest,
    })
}

/// The oldest moment of what bounds a group.
fn bound_of(order: &Order, group: usize, chosen: &[Option<Choice>]) -> Option<Timestamp> {
    let bounds = order.bounds[group]
        .iter()
        .flat_map(|bound| &order.groups[*bound]);
    bounds
        .map(|member| chosen[*member].as_ref().map(|choice| choice.at))
        .min()
        .flatten()
}

/// The latest moment of a member at or before a bound.
pub(super) fn latest_of(
    history: &MemberHistory,
    bound: Timestamp,
) -> Option<(Timestamp, Option<&PointMoment>)> {
    let second = history.window.and_then(|window| {
        let second = whole_second(bound.min(window.latest));
        (second >= window.earliest).then_some((second, None))
    });
    let point = history
        .points
        .iter()
        .filter(|point| point.at <= bound)
        .max_by_key(|point| point.at)
        .map(|point| (point.at, Some(point)));
    // Of a second and a point of the same time, the point: nothing has to be played forward.
    match (second, point) {
        (Some(second), Some(point)) if second.0 > point.0 => Some(second),
        (second, point) => point.or(second),
    }
}

/// The latest moments of a group's members at or before a bound, all of one second.
pub(super) fn latest(
    members: &[usize],
    histories: &[MemberHistory],
    mut bound: Timestamp,
) -> Option<Vec<(usize, Choice)>> {
    // Each turn goes back by a moment of some member at least.
    loop {
        let found: Vec<_> = members
            .iter()
            .map(|member| latest_of(&histories[*member], bound).map(|found| (*member, found)))
            .collect::<Option<_>>()?;
        let oldest = found.iter().map(|(_, (at, _))| at.as_second()).min()?;
        if found.iter().all(|(_, (at, _))| at.as_second() == oldest) {
            let choice = |(member, (at, point)): (usize, (Timestamp, Option<&PointMoment>))| {
                let choice = Choice {
                    member: histories[member].member.clone(),
                    at,
                    point: point.cloned(),
                };
                (member, choice)
            };
            return Some(found.into_iter().map(choice).collect());
        }
        bound = bound.min(end_of_second(oldest)?);
    }
}

/// The moments of a group that nothing bounds, from the chosen time backwards. Of windows only the latest second counts:
/// every other second is as good as the one before it.
fn descending(members: &[usize], histories: &[MemberHistory], at: Timestamp) -> Vec<Timestamp> {
    let mut starts: Vec<Timestamp> = members
        .iter()
        .flat_map(|member| &histories[*member].points)
        .map(|point| point.at)
        .filter(|point| *point <= at)
        .chain([at])
        .collect();
    starts.sort_unstable_by(|a, b| b.cmp(a));
    let mut moments: Vec<Timestamp> = Vec::new();
    for start in starts {
        if moments.len() == MOST_MOMENTS {
            break;
        }
        // A group of several is as late as the latest of them, within one second.
        let Some(found) = latest(members, histories, start) else {
            break;
        };
        let Some(newest) = found.iter().map(|(_, choice)| choice.at).max() else {
            break;
        };
        if moments.last().is_none_or(|last| newest < *last) {
            moments.push(newest);
        }
    }
    moments
}

fn whole_second(at: Timestamp) -> Timestamp {
    let second = at.as_nanosecond().div_euclid(1_000_000_000);
    i64::try_from(second)
        .ok()
        .and_then(|second| Timestamp::from_second(second).ok())
        .unwrap_or(at)
}

fn end_of_second(second: i64) -> Option<Timestamp> {
    let begin = Timestamp::from_second(second).ok()?;
    begin
        .checked_add(SignedDuration::from_nanos(999_999_999))
        .ok()
}
