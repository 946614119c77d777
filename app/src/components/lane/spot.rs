//! What is drawn at one place of a lane, and how it is put into words.

use jiff::Timestamp;
use tidemark_domain::{
    PointSource, Tier,
    timeline::{Lane, Look, Mark, MarkKind},
};

use crate::format::{count, counted, utc};

/// The rows of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Track {
    /// What went wrong, what is gone, what will happen to points.
    Signs,
    /// Recovery points, and those that plans will make.
    Points,
    /// Copies of them elsewhere.
    Copies,
}

impl Track {
    /// How far below the lane's upper edge its middle lies, in pixels.
    pub(crate) const fn y(self) -> i32 {
        match self {
            Self::Signs => 16,
            Self::Points => 46,
            Self::Copies => 78,
        }
    }

    const fn of(kind: MarkKind) -> Self {
        match kind {
            MarkKind::Point | MarkKind::Scheduled => Self::Points,
            MarkKind::Copy => Self::Copies,
            _ => Self::Signs,
        }
    }
}

/// Height of a lane in pixels.
pub(crate) const HEIGHT: i32 = 96;

/// One place of a track: the marks of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot<'a> {
    /// The track.
    pub(crate) track: Track,
    /// When the newest of it is.
    pub(crate) at: Timestamp,
    /// The marks, the one that matters most first.
    pub(crate) marks: Vec<&'a Mark>,
}

/// The places of a lane, track by track, oldest first.
pub(crate) fn spots(lane: &Lane) -> Vec<Spot<'_>> {
    let step = lane.step.max(1);
    let column = |at: Timestamp| at.as_millisecond().div_euclid(step);
    let mut spots: Vec<Spot<'_>> = Vec::new();
    for track in [Track::Signs, Track::Points, Track::Copies] {
        let first = spots.len();
        for mark in lane.marks.iter().filter(|m| Track::of(m.kind) == track) {
            match spots[first..].last_mut() {
                Some(spot) if column(spot.at) == column(mark.at) => {
                    spot.at = spot.at.max(mark.at);
                    spot.marks.push(mark);
                }
                _ => spots.push(Spot {
                    track,
                    at: mark.at,
                    marks: vec![mark],
                }),
            }
        }
    }
    for spot in &mut spots {
        spot.marks.sort_by_key(|mark| rank(mark.kind));
    }
    spots
}

/// What is shown of several kinds at one place.
pub(super) const fn rank(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Failed => 0,
        MarkKind::Missed => 1,
        MarkKind::Deleted => 2,
        MarkKind::CopyFailed => 3,
        MarkKind::Pruned => 4,
        MarkKind::Expires => 5,
        MarkKind::GoesCold => 6,
        MarkKind::Point | MarkKind::Copy => 7,
        MarkKind::Scheduled => 8,
    }
}

impl Spot<'_> {
    /// The kind that is drawn.
    pub(crate) fn kind(&self) -> MarkKind {
        self.marks.first().map_or(MarkKind::Point, |mark| mark.kind)
    }

    /// How many things it stands for.
    pub(crate) fn count(&self) -> u32 {
        self.marks
            .iter()
            .fold(0, |sum, mark| sum.saturating_add(mark.count))
    }

    /// The one mark of the one thing, where it is only one.
    pub(crate) fn one(&self) -> Option<&Mark> {
        match self.marks.as_slice() {
            [mark] if mark.count == 1 => Some(mark),
            _ => None,
        }
    }

    fn looks(&self) -> impl Iterator<Item = (Look, u32)> {
        self.marks
            .iter()
            .flat_map(|mark| mark.looks.iter().copied())
    }

    /// Warm, cold, or both.
    pub(crate) fn tier(&self) -> &'static str {
        let cold = self.looks().any(|(look, _)| look.tier == Tier::Cold);
        let warm = self.looks().any(|(look, _)| look.tier == Tier::Warm);
        match (warm, cold) {
            (true, true) => "mixed",
            (false, true) => "cold",
            _ => "warm",
        }
    }

    /// The source of most of them.
    pub(crate) fn source(&self) -> PointSource {
        self.looks()
            .max_by_key(|(_, number)| *number)
            .map_or(PointSource::AwsBackup, |(look, _)| look.source)
    }

    /// Something is the matter with one of the points.
    pub(crate) fn is_flawed(&self) -> bool {
        self.looks().any(|(look, _)| look.state.is_flaw())
    }

    /// One of the points is locked.
    pub(crate) fn is_locked(&self) -> bool {
        self.looks().any(|(look, _)| look.locked)
    }

    /// All of it in words: its name for assistive technology, on hover and in tables.
    pub(crate) fn name(&self) -> String {
        let parts: Vec<String> = self.marks.iter().map(|mark| describe(mark)).collect();
        capital(&parts.join("; "))
    }
}

/// The tier of the points of one mark.
#[cfg(feature = "ssr")]
pub(crate) fn spot_tier(mark: &Mark) -> &'static str {
    Spot {
        track: Track::of(mark.kind),
        at: mark.at,
        marks: vec![mark],
    }
    .tier()
}

/// What a mark is, in words.
pub(crate) fn describe(mark: &Mark) -> String {
    let when = utc(mark.at);
    let mut text = if mark.count == 1 {
        format!("{} {when}", mark.kind.one())
    } else {
        let which = if mark.kind.is_future() {
            "last"
        } else {
            "newest"
        };
        let many = counted(u64::from(mark.count), mark.kind.one(), mark.kind.many());
        format!("{many}, the {which} {when}")
    };
    for detail in details(mark) {
        text.push_str(", ");
        text.push_str(&detail);
    }
    text
}

fn details(mark: &Mark) -> Vec<String> {
    let mut details: Vec<String> = Vec::new();
    let mut sources: Vec<PointSource> = Vec::new();
    for (look, _) in &mark.looks {
        if !sources.contains(&look.source) {
            sources.push(look.source);
        }
    }
    let sources: Vec<&str> = sources.into_iter().map(PointSource::as_str).collect();
    if !sources.is_empty() {
        details.push(sources.join(" and "));
    }
    let mut part = |number: u32, word: &str| match number {
        0 => {}
        _ if number == mark.count => details.push(word.to_owned()),
        _ => details.push(format!("{} {word}", count(u64::from(number)))),
    };
    let sum = |which: &dyn Fn(&Look) -> bool| -> u32 {
        let looks = mark.looks.iter().filter(|(look, _)| which(look));
        looks.map(|(_, number)| *number).sum()
    };
    part(sum(&|look| look.tier == Tier::Warm), "warm");
    part(sum(&|look| look.tier == Tier::Cold), "cold");
    let mut states: Vec<&str> = Vec::new();
    for badge in mark.looks.iter().filter_map(|(look, _)| look.state.badge()) {
        if !states.contains(&badge) {
            states.push(badge);
        }
    }
    for badge in states {
        part(sum(&|look| look.state.badge() == Some(badge)), badge);
    }
    part(sum(&|look| look.locked), "locked");
    if let Some(only) = &mark.only {
        details.extend(only.vault.as_ref().map(|vault| format!("vault {vault}")));
        details.extend(only.note.clone());
    }
    details
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_domain::{
        Arn,
        timeline::{Only, State},
    };

    use super::*;

    fn look(tier: Tier, state: State, locked: bool) -> Look {
        Look {
            source: PointSource::AwsBackup,
            tier,
            state,
            locked,
            copy: false,
        }
    }

    fn mark(kind: MarkKind, at: &str, looks: Vec<(Look, u32)>) -> Mark {
        Mark {
            at: at.parse().unwrap(),
            kind,
            count: looks.iter().map(|(_, n)| n).sum::<u32>().max(1),
            looks,
            only: None,
        }
    }

    #[test]
    fn a_mark_says_all_that_its_look_says() {
        let mut one = mark(
            MarkKind::Point,
            "2026-11-21T03:18:43Z",
            vec![(look(Tier::Cold, State::Partial, true), 1)],
        );
        one.only = Some(Only {
            vault: Some("daily".into()),
            ..Only::default()
        });
        assert_eq!(
            describe(&one),
            "recovery point 2026-11-21 03:18:43 UTC, AWS Backup, cold, partial, locked, vault daily"
        );
        let many = mark(
            MarkKind::Point,
            "2026-11-21T03:18:43Z",
            vec![
                (look(Tier::Warm, State::Complete, false), 3),
                (look(Tier::Cold, State::Undeletable, true), 2),
            ],
        );
        assert_eq!(
            describe(&many),
            "5 recovery points, the newest 2026-11-21 03:18:43 UTC, AWS Backup, 3 warm, 2 cold, \
             2 expired, could not be deleted, 2 locked"
        );
    }

    #[test]
    fn failed_missed_pruned_and_deleted_are_told_apart_by_words() {
        let at = "2026-11-21T03:00:00Z";
        let words: Vec<String> = [
            MarkKind::Failed,
            MarkKind::Missed,
            MarkKind::Pruned,
            MarkKind::Deleted,
        ]
        .into_iter()
        .map(|kind| describe(&mark(kind, at, vec![])))
        .collect();
        assert_eq!(
            words,
            [
                "failed backup 2026-11-21 03:00:00 UTC",
                "missed backup 2026-11-21 03:00:00 UTC",
                "pruned recovery point 2026-11-21 03:00:00 UTC",
                "recovery point deleted by hand 2026-11-21 03:00:00 UTC",
            ]
        );
    }

    #[test]
    fn marks_of_one_column_and_track_are_one_place_led_by_the_worst() {
        let plain = || vec![(look(Tier::Warm, State::Complete, false), 1)];
        let lane = Lane {
            resource: Arn::parse("arn:aws:s3:::b").unwrap(),
            from: "2026-11-21T00:00:00Z".parse().unwrap(),
            until: "2026-11-22T00:00:00Z".parse().unwrap(),
            step: 3_600_000,
            marks: vec![
                mark(MarkKind::Point, "2026-11-21T03:01:00Z", plain()),
                mark(MarkKind::Pruned, "2026-11-21T03:02:00Z", vec![]),
                mark(MarkKind::Failed, "2026-11-21T03:03:00Z", vec![]),
                mark(MarkKind::Copy, "2026-11-21T03:04:00Z", plain()),
                mark(MarkKind::Point, "2026-11-21T04:00:00Z", plain()),
            ],
            bands: vec![],
            planned_until: None,
        };
        let told: Vec<_> = spots(&lane)
            .iter()
            .map(|spot| (spot.track, spot.kind(), spot.count()))
            .collect();
        assert_eq!(
            told,
            [
                (Track::Signs, MarkKind::Failed, 2),
                (Track::Points, MarkKind::Point, 1),
                (Track::Points, MarkKind::Point, 1),
                (Track::Copies, MarkKind::Copy, 1),
            ]
        );
        assert!(
            spots(&lane)[0]
                .name()
                .starts_with("Failed backup 2026-11-21 03:03:00 UTC; pruned")
        );
    }
}
