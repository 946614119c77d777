use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Combination, MemberHistory, PointMoment,
    search::{latest, latest_of},
};
use crate::sets::Order;

/// How many moments of one member are told of.
const MOST_TOLD: usize = 10;

/// A moment that is not offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Name of the member.
    pub member: String,
    /// The moment.
    pub at: Timestamp,
    /// The recovery point; none for seconds of point-in-time recovery.
    pub point: Option<PointMoment>,
    /// Why, as a sentence.
    pub why: String,
}

/// What is newer than the best combination, and why it is not in it.
pub(super) fn left_out(
    order: &Order,
    histories: &[MemberHistory],
    at: Timestamp,
    best: &Combination,
) -> Vec<LeftOut> {
    let mut out = unusable(histories);
    for (member, history) in histories.iter().enumerate() {
        let chosen = &best.choices[member];
        let mut newer: Vec<(Timestamp, Option<&PointMoment>)> = history
            .points
            .iter()
            .filter(|point| point.at > chosen.at)
            .map(|point| (point.at, Some(point)))
            .collect();
        let latest = history.window.map(|window| window.latest.min(at));
        newer.extend(
            latest
                .filter(|latest| latest.duration_since(chosen.at) >= SignedDuration::from_secs(1))
                .map(|latest| (latest, None)),
        );
        newer.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        // Those next to what is taken say the most.
        let skip = newer.len().saturating_sub(MOST_TOLD);
        for (moment, point) in newer.into_iter().skip(skip) {
            out.push(LeftOut {
                member: history.member.clone(),
                at: moment,
                point: point.cloned(),
                why: why(order, histories, at, best, member, moment),
            });
        }
    }
    out
}

fn why(
    order: &Order,
    histories: &[MemberHistory],
    at: Timestamp,
    best: &Combination,
    member: usize,
    moment: Timestamp,
) -> String {
    let name = &histories[member].member;
    if moment > at {
        let later = words(moment.duration_since(at));
        return format!("It is {later} after the chosen time.");
    }
    let Some(group) = order
        .groups
        .iter()
        .position(|group| group.contains(&member))
    else {
        return String::new();
    };
    let bound = order.bounds[group]
        .iter()
        .flat_map(|bound| &order.groups[*bound])
        .min_by_key(|bound| best.choices[**bound].at);
    if let Some(bound) = bound {
        let choice = &best.choices[*bound];
        if moment > choice.at {
            return format!(
                "It is {} later than {} ({}), and {name} may not be later than that.",
                words(moment.duration_since(choice.at)),
                choice.member,
                choice.at
            );
        }
    }
    format!("The members that belong to one second with {name} cannot all be recovered to it.")
}

/// Points that no restore can start from.
pub(super) fn unusable(histories: &[MemberHistory]) -> Vec<LeftOut> {
    let told = |history: &MemberHistory| {
        let mut unusable: Vec<_> = history.unusable.iter().collect();
        unusable.sort_unstable_by_key(|(point, _)| std::cmp::Reverse(point.at));
        unusable
            .into_iter()
            .take(MOST_TOLD)
            .map(|(point, why)| LeftOut {
                member: history.member.clone(),
                at: point.at,
                point: Some(point.clone()),
                why: why.clone(),
            })
            .collect::<Vec<_>>()
    };
    histories.iter().flat_map(told).collect()
}

/// Why there is no combination: the first member, in the order of the rules, that has nothing.
pub(super) fn impossible(order: &Order, histories: &[MemberHistory], at: Timestamp) -> String {
    let mut bounds: Vec<Option<(Timestamp, String)>> = vec![None; order.groups.len()];
    for group in &order.sorted {
        let bound = order.bounds[*group]
            .iter()
            .filter_map(|bound| bounds[*bound].clone())
            .min_by_key(|(at, _)| *at);
        let limit = bound.as_ref().map_or(at, |(at, _)| *at);
        let members = &order.groups[*group];
        let Some(found) = latest(members, histories, limit) else {
            return nothing(members, histories, limit, bound.as_ref());
        };
        let oldest = found.into_iter().min_by_key(|(_, choice)| choice.at);
        bounds[*group] = oldest.map(|(_, choice)| (choice.at, choice.member));
    }
    "The set has no members.".to_owned()
}

fn nothing(
    members: &[usize],
    histories: &[MemberHistory],
    limit: Timestamp,
    bound: Option<&(Timestamp, String)>,
) -> String {
    let empty = members
        .iter()
        .map(|member| &histories[*member])
        .find(|history| latest_of(history, limit).is_none());
    let until = match bound {
        None => format!("the chosen time {limit}"),
        Some((at, member)) => {
            format!("{at}, the moment of {member}, than which it may not be later")
        }
    };
    let Some(history) = empty else {
        let names: Vec<&str> = members
            .iter()
            .map(|m| histories[*m].member.as_str())
            .collect();
        return format!(
            "{} have to come back to one second, and there is no second up to {until} that all of them can be recovered to.",
            names.join(", ")
        );
    };
    let first = history
        .points
        .iter()
        .map(|point| point.at)
        .chain(history.window.map(|window| window.earliest))
        .min();
    match first {
        None => format!(
            "{} has no recovery point that a restore can start from, and no point-in-time recovery.",
            history.member
        ),
        Some(first) => format!(
            "{} cannot be recovered to any moment up to {until}: its first is {first}.",
            history.member
        ),
    }
}

/// A time span in words: the two greatest units.
pub fn words(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    if seconds < 1 {
        return "less than a second".to_owned();
    }
    let units = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {unit}{plural}"));
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    parts.join(" ")
}
