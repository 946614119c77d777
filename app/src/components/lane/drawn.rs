//! Lanes as the canvas draws them: worked out once when they arrive, so that a frame only places them.

use tidemark_domain::{
    PointSource,
    timeline::{BandKind, MarkKind, TimelineRow},
};

use super::{
    spot::{Spot, Track, rank, spots},
    view_range::View,
};

/// One place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DrawnSpot {
    pub(super) at: f64,
    pub(super) track: Track,
    pub(super) kind: MarkKind,
    pub(super) source: PointSource,
    pub(super) tier: &'static str,
    pub(super) flawed: bool,
    pub(super) locked: bool,
    pub(super) count: u32,
}

impl DrawnSpot {
    /// Both as one, at the place of the first, led by what matters most.
    pub(super) fn with(self, other: &Self) -> Self {
        let led = if rank(other.kind) < rank(self.kind) {
            other
        } else {
            &self
        };
        Self {
            kind: led.kind,
            source: led.source,
            tier: if self.tier == other.tier {
                self.tier
            } else {
                "mixed"
            },
            flawed: self.flawed || other.flawed,
            locked: self.locked || other.locked,
            count: self.count.saturating_add(other.count),
            ..self
        }
    }
}

/// One lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DrawnLane {
    pub(super) spots: Vec<DrawnSpot>,
    pub(super) bands: Vec<(f64, f64, BandKind)>,
    /// Copies and what they were copied from.
    pub(super) joined: Vec<(f64, f64)>,
    pub(super) copies: bool,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of centuries fit an f64"
)]
fn millis(at: jiff::Timestamp) -> f64 {
    at.as_millisecond() as f64
}

impl DrawnLane {
    pub(super) fn of(row: &TimelineRow) -> Self {
        let spots = spots(&row.lane);
        let bands = row.lane.bands.iter();
        Self {
            joined: joined(&spots),
            copies: spots.iter().any(|spot| spot.track == Track::Copies),
            spots: spots.iter().map(drawn).collect(),
            bands: bands
                .map(|band| (millis(band.from), millis(band.until), band.kind))
                .collect(),
        }
    }

    /// The place nearest to a moment on a track near a height, within so many milliseconds.
    pub(super) fn nearest(&self, at: f64, y: Option<f64>, reach: f64) -> Option<usize> {
        let near = |spot: &DrawnSpot| {
            let high = y.is_none_or(|y| (f64::from(spot.track.y()) - y).abs() <= 15.0);
            let far = (spot.at - at).abs();
            (high && far <= reach).then_some(far)
        };
        let found = self.spots.iter().enumerate();
        found
            .filter_map(|(n, spot)| Some((n, near(spot)?)))
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(n, _)| n)
    }

    /// The places on the track of one that are drawn as one with it, itself included.
    pub(super) fn near(&self, one: usize, near: f64) -> impl Iterator<Item = usize> {
        let spot = self.spots.get(one).copied();
        self.spots.iter().enumerate().filter_map(move |(n, other)| {
            let spot = spot?;
            (other.track == spot.track && (other.at - spot.at).abs() < near).then_some(n)
        })
    }

    /// Their first and last moment; none where it stands alone.
    pub(super) fn crowd(&self, one: usize, near: f64) -> Option<View> {
        let times: Vec<f64> = self.near(one, near).map(|n| self.spots[n].at).collect();
        (times.len() > 1).then_some(())?;
        Some(View {
            from: times.iter().copied().min_by(f64::total_cmp)?,
            until: times.iter().copied().max_by(f64::total_cmp)?,
        })
    }

    /// The next place before or after a moment.
    pub(super) fn next(&self, at: f64, forward: bool) -> Option<f64> {
        let times = self.spots.iter().map(|spot| spot.at);
        if forward {
            times.filter(|t| *t > at + 500.0).min_by(f64::total_cmp)
        } else {
            times.filter(|t| *t < at - 500.0).max_by(f64::total_cmp)
        }
    }

    /// The first and last moment of anything.
    pub(super) fn extent(&self) -> Option<View> {
        let bands = self.bands.iter().flat_map(|band| [band.0, band.1]);
        let times: Vec<f64> = self.spots.iter().map(|spot| spot.at).chain(bands).collect();
        Some(View {
            from: times.iter().copied().min_by(f64::total_cmp)?,
            until: times.iter().copied().max_by(f64::total_cmp)?,
        })
    }
}

fn drawn(spot: &Spot<'_>) -> DrawnSpot {
    DrawnSpot {
        at: millis(spot.at),
        track: spot.track,
        kind: spot.kind(),
        source: spot.source(),
        tier: spot.tier(),
        flawed: spot.is_flawed(),
        locked: spot.is_locked(),
        count: spot.count(),
    }
}

fn joined(spots: &[Spot<'_>]) -> Vec<(f64, f64)> {
    let mut made: std::collections::HashMap<&str, f64> = std::collections::HashMap::new();
    for spot in spots {
        if let Some(only) = spot.one().and_then(|mark| mark.only.as_ref()) {
            made.insert(only.key.as_str(), millis(spot.at));
        }
    }
    spots
        .iter()
        .filter_map(|spot| {
            let source = spot.one()?.only.as_ref()?.copied_from.as_ref()?;
            Some((*made.get(source.as_str())?, millis(spot.at)))
        })
        .collect()
}
