//! Windows against each other: what does not line up, in minutes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Member, SetManifest, Window, WindowKind};
use crate::ResourceType;

/// For how long ahead windows are compared: both changes of daylight saving time lie in it.
const DAYS: i64 = 400;
const MOST_OCCURRENCES: usize = 1_500;
/// Source: `MemoryDB` API reference, `SnapshotWindow`: the minimum period is 60 minutes.
const MEMORYDB_MINUTES: u32 = 60;
/// Source: RDS API reference, `PreferredBackupWindow`: at least 30 minutes.
const RDS_MINUTES: u32 = 30;

/// One time at which a window takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The window's name.
    pub window: String,
    /// What takes place.
    pub kind: WindowKind,
    /// The member whose window it is.
    pub member: Option<String>,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

/// Something that does not line up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misfit {
    /// The window, or the member, that it is about.
    pub about: String,
    /// A sentence.
    pub text: String,
    /// How many minutes are missing or too many; none where it is not about time.
    pub minutes: Option<i64>,
    /// When it takes place first.
    pub first: Option<Timestamp>,
}

/// When the set's windows take place from a moment on, for so many days, in order.
pub fn upcoming(set: &SetManifest, from: Timestamp, days: i64) -> Vec<Occurrence> {
    let mut all: Vec<Occurrence> = set
        .windows
        .iter()
        .flat_map(|window| {
            times(window, from, days)
                .into_iter()
                .map(|(from, until)| Occurrence {
                    window: window.name.clone(),
                    kind: window.kind,
                    member: window.member.clone(),
                    from,
                    until,
                })
        })
        .collect();
    all.sort_by_key(|occurrence| (occurrence.from, occurrence.until));
    all
}

/// What does not line up within the next 400 days.
pub fn misfits(set: &SetManifest, now: Timestamp) -> Vec<Misfit> {
    let mut misfits = lengths(set);
    let of_kind = |kind: WindowKind| set.windows.iter().filter(move |window| window.kind == kind);
    let cold: Vec<(Timestamp, Timestamp)> = {
        let mut cold: Vec<_> = of_kind(WindowKind::Cold)
            .flat_map(|window| times(window, now, DAYS))
            .collect();
        cold.sort_unstable();
        cold
    };
    if !cold.is_empty() {
        for window in of_kind(WindowKind::Backup) {
            misfits.extend(outside(window, &cold, now));
        }
    }
    for window in of_kind(WindowKind::Maintenance) {
        for other in set
            .windows
            .iter()
            .filter(|other| other.kind != WindowKind::Maintenance)
        {
            // What AWS does to one member disturbs the backup of that one only.
            let disturbs = other.kind == WindowKind::Cold
                || window.member.is_none()
                || other.member.is_none()
                || window.member == other.member;
            if disturbs {
                misfits.extend(overlap(window, other, now));
            }
        }
    }
    misfits
}

/// Windows that are too short, and settings that go against the set.
fn lengths(set: &SetManifest) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let type_of = |name: &str| {
        let member = set.members.iter().find(|member| member.name == name)?;
        Some(Member::resource_type(&member.arn(set).ok()?))
    };
    for window in set
        .windows
        .iter()
        .filter(|window| window.kind == WindowKind::Backup)
    {
        let least = match window.member.as_deref().and_then(type_of) {
            Some(ResourceType::MemoryDb) => ("MemoryDB's snapshot window", MEMORYDB_MINUTES),
            Some(ResourceType::Rds | ResourceType::Aurora) => ("RDS's backup window", RDS_MINUTES),
            _ => continue,
        };
        if window.minutes < least.1 {
            let missing = least.1 - window.minutes;
            misfits.push(Misfit {
                about: window.name.clone(),
                text: format!(
                    "The window {} has {} minutes, and {} must have at least {}: {missing} are missing.",
                    window.name, window.minutes, least.0, least.1
                ),
                minutes: Some(i64::from(missing)),
                first: None,
            });
        }
    }
    for member in set.members.iter().filter(|member| member.continuous_backup) {
        if type_of(&member.name) == Some(ResourceType::Efs) {
            misfits.push(Misfit {
                about: member.name.clone(),
                text: format!(
                    "Continuous backup is on for the file system {}. A file system of a set is backed up by snapshots only, \
                     taken while the application is cold: switch it off in the backup plan.",
                    member.name
                ),
                minutes: None,
                first: None,
            });
        }
    }
    let shortest = set
        .windows
        .iter()
        .filter(|window| window.kind == WindowKind::Cold)
        .min_by_key(|window| window.minutes);
    if let (Some(pause), Some(window)) = (&set.pause, shortest)
        && pause.at_most_minutes > window.minutes
    {
        let over = pause.at_most_minutes - window.minutes;
        misfits.push(Misfit {
            about: window.name.clone(),
            text: format!(
                "A pause may last {} minutes, which is {over} more than the cold window {} has.",
                pause.at_most_minutes, window.name
            ),
            minutes: Some(i64::from(over)),
            first: None,
        });
    }
    misfits
}

/// Backups outside the cold windows: one misfit for each number of minutes by which they are.
fn outside(window: &Window, cold: &[(Timestamp, Timestamp)], now: Timestamp) -> Vec<Misfit> {
    let mut found: Vec<(i64, i64, Timestamp, u32)> = Vec::new();
    let mut all = 0_u32;
    for (from, until) in times(window, now, DAYS) {
        // The cold windows that were compared end where the days end.
        if cold.last().is_some_and(|last| from > last.1) {
            break;
        }
        all += 1;
        let (before, after) = uncovered(from, until, cold);
        if before + after == 0 {
            continue;
        }
        match found
            .iter_mut()
            .find(|known| (known.0, known.1) == (before, after))
        {
            Some(known) => known.3 += 1,
            None => found.push((before, after, from, 1)),
        }
    }
    found
        .into_iter()
        .take(4)
        .map(|(before, after, first, times)| {
            let length = i64::from(window.minutes);
            let how = if before >= length {
                "lies wholly outside the cold windows".to_owned()
            } else {
                let mut parts = Vec::new();
                if before > 0 {
                    parts.push(format!("begins {before} minutes before it is cold"));
                }
                if after > 0 {
                    parts.push(format!("goes on for {after} minutes after it has been cold"));
                }
                parts.join(" and ")
            };
            let minutes = (before + after).min(length);
            Misfit {
                about: window.name.clone(),
                text: format!(
                    "The backup window {} {how}: {minutes} of its {length} minutes, {times} of {all} times, first on {}.",
                    window.name, day(window, first)
                ),
                minutes: Some(minutes),
                first: Some(first),
            }
        })
        .collect()
}

/// Minutes at the beginning and after it that no cold window covers.
fn uncovered(from: Timestamp, until: Timestamp, cold: &[(Timestamp, Timestamp)]) -> (i64, i64) {
    let mut at = from;
    let mut gaps: Vec<i64> = Vec::new();
    let mut begins_warm = false;
    for (cold_from, cold_until) in cold.iter().filter(|cold| cold.1 > from && cold.0 < until) {
        if *cold_from > at {
            begins_warm |= at == from;
            gaps.push(minutes(cold_from.duration_since(at)));
        }
        at = at.max(*cold_until);
    }
    if at < until {
        begins_warm |= at == from;
        gaps.push(minutes(until.duration_since(at)));
    }
    let all: i64 = gaps.iter().sum();
    let before = if begins_warm {
        gaps.first().copied().unwrap_or(0)
    } else {
        0
    };
    (before, all - before)
}

fn overlap(window: &Window, other: &Window, now: Timestamp) -> Option<Misfit> {
    let others = times(other, now, DAYS);
    let mut found: Option<(i64, Timestamp, u32)> = None;
    for (from, until) in times(window, now, DAYS) {
        let shared: i64 = others
            .iter()
            .map(|(other_from, other_until)| {
                let begin = from.max(*other_from);
                let end = until.min(*other_until);
                if begin < end {
                    minutes(end.duration_since(begin))
                } else {
                    0
                }
            })
            .sum();
        if shared > 0 {
            let (most, first, times) = found.unwrap_or((0, from, 0));
            found = Some((most.max(shared), first, times + 1));
        }
    }
    found.map(|(most, first, times)| Misfit {
        about: window.name.clone(),
        text: format!(
            "The maintenance window {} and the {} window {} are both open for up to {most} minutes, {times} times, first on {}: \
             AWS may restart the member in the middle.",
            window.name,
            other.kind.as_str(),
            other.name,
            day(window, first)
        ),
        minutes: Some(most),
        first: Some(first),
    })
}

fn times(window: &Window, from: Timestamp, days: i64) -> Vec<(Timestamp, Timestamp)> {
    let Some(zone) = window.zone() else {
        return Vec::new();
    };
    let length = SignedDuration::from_mins(i64::from(window.minutes));
    let end = from
        .checked_add(SignedDuration::from_hours(24 * days))
        .unwrap_or(Timestamp::MAX);
    // One that is open already counts.
    let begin = from.checked_sub(length).unwrap_or(from);
    window
        .schedule
        .after(begin, &zone)
        .take_while(|at| *at < end)
        .take(MOST_OCCURRENCES)
        .filter_map(|at| Some((at, at.checked_add(length).ok()?)))
        .collect()
}

fn minutes(span: SignedDuration) -> i64 {
    // A part of a minute counts as one.
    (span.as_secs() + 59) / 60
}

fn day(window: &Window, at: Timestamp) -> String {
    let zone = window.zone().unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).date().to_string()
}
