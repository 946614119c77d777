//! What a hydrated timeline shows, and how pointer and keyboard change it.

use jiff::Timestamp;
use tidemark_domain::timeline::{BandKind, Lane, TimelineRow};

use super::{
    Links,
    canvas::{Inks, NEAR},
    drawn::DrawnLane,
    spot::{HEIGHT, spots},
    view_range::{View, moment},
};
use crate::clock::local;

/// How near to a mark counts as on it, in pixels.
const REACH: f64 = 12.0;

/// Pixels that a pointer may tremble in a click.
const STILL: f64 = 4.0;

/// The state of a timeline.
pub(super) struct Live {
    pub(super) view: View,
    pub(super) loaded: View,
    /// Milliseconds per column of what is loaded.
    pub(super) step: f64,
    pub(super) rows: Vec<TimelineRow>,
    pub(super) lanes: Vec<DrawnLane>,
    pub(super) tops: Vec<f64>,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) inks: Inks,
    pub(super) now: Timestamp,
    pub(super) pointer: Option<(f64, f64)>,
    pub(super) cursor: Option<(usize, f64)>,
    pub(super) drag: Option<Drag>,
}

/// A pointer that is held down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Drag {
    from: f64,
    to: f64,
    view: View,
    brush: bool,
}

impl Live {
    pub(super) fn of(rows: Vec<TimelineRow>, now: Timestamp) -> Option<Self> {
        let first = rows.first()?;
        let view = View::of(first.lane.from, first.lane.until);
        let mut live = Self {
            view,
            loaded: view,
            step: 1.0,
            rows: Vec::new(),
            lanes: Vec::new(),
            tops: Vec::new(),
            width: 1.0,
            height: 1.0,
            inks: Inks::default(),
            now,
            pointer: None,
            cursor: None,
            drag: None,
        };
        live.take(rows);
        Some(live)
    }

    /// Takes lanes that were loaded; other lanes than those shown are of no use.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a column is at most some years long"
    )]
    pub(super) fn take(&mut self, rows: Vec<TimelineRow>) {
        let Some(first) = rows.first() else { return };
        self.loaded = View::of(first.lane.from, first.lane.until);
        self.step = first.lane.step as f64;
        self.lanes = rows.iter().map(DrawnLane::of).collect();
        self.rows = rows;
    }

    /// Columns as fine as the screen shows them, for three times the width that is seen.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width in pixels"
    )]
    pub(super) fn columns(&self, most: u16) -> u16 {
        ((self.width * 3.0 / 2.5) as u16).clamp(40, most)
    }

    /// What is loaded lacks some of what is seen, or is too coarse for it.
    pub(super) fn needs(&self, most: u16) -> Option<View> {
        let wanted = self.view.widened(1.0);
        let finest = wanted.span() / f64::from(self.columns(most)) * 3.5;
        let coarse = self.step > finest.max(1000.0);
        (coarse || !self.loaded.covers(self.view)).then_some(wanted)
    }

    /// The lane below a point of the canvas, and the height within it.
    pub(super) fn lane_at(&self, y: f64) -> Option<(usize, f64)> {
        let inside = |top: f64| (0.0..f64::from(HEIGHT)).contains(&(y - top));
        let lane = self.tops.iter().position(|top| inside(*top))?;
        Some((lane, y - self.tops[lane]))
    }

    fn reach(&self) -> f64 {
        REACH / self.width * self.view.span()
    }

    /// The time of places that are drawn as one at a moment of a lane, so that a view of it tells them
    /// apart; none where there is one at most, or where no view does.
    pub(super) fn crowd(&self, lane: usize, at: f64, y: Option<f64>) -> Option<View> {
        let drawn = self.lanes.get(lane)?;
        let hit = drawn.nearest(at, y, self.reach())?;
        let crowd = drawn.crowd(hit, NEAR / self.width * self.view.span())?;
        let view = View::between(crowd.from, crowd.until).widened(1.0);
        (view.span() < self.view.span() * 0.9).then_some(view)
    }

    pub(super) fn press(&mut self, x: f64, brush: bool) {
        self.drag = Some(Drag {
            from: x,
            to: x,
            view: self.view,
            brush,
        });
    }

    /// Follows the pointer: moves the view, or the edge of what is marked.
    pub(super) fn follow(&mut self, x: f64, y: f64) {
        self.pointer = Some((x, y));
        if let Some(drag) = &mut self.drag {
            drag.to = x;
            if !drag.brush {
                self.view = drag.view.moved((drag.from - x) / self.width);
            }
        }
    }

    /// Ends a drag. Whether it was a click.
    pub(super) fn release(&mut self) -> bool {
        let Some(drag) = self.drag.take() else {
            return false;
        };
        if (drag.from - drag.to).abs() <= STILL {
            self.view = drag.view;
            return true;
        }
        if drag.brush {
            let at = |x: f64| drag.view.at(x / self.width);
            self.view = View::between(at(drag.from), at(drag.to));
        }
        false
    }

    pub(super) fn brush(&self) -> Option<(f64, f64)> {
        let drag = self.drag.filter(|drag| drag.brush)?;
        Some((drag.from, drag.to))
    }

    /// Moves the keyboard's cursor by a part of the view, or to the next mark.
    pub(super) fn step(&mut self, forward: bool, to_mark: bool) {
        let (lane, at) = self.cursor_or_now();
        let by = if forward { 0.02 } else { -0.02 };
        let next = to_mark
            .then(|| self.lanes.get(lane)?.next(at, forward))
            .flatten();
        self.put_cursor(lane, next.unwrap_or(at + by * self.view.span()));
    }

    /// Moves the keyboard's cursor to the lane above or below.
    pub(super) fn change_lane(&mut self, down: bool) {
        let (lane, at) = self.cursor_or_now();
        let last = self.lanes.len().saturating_sub(1);
        let lane = if down {
            (lane + 1).min(last)
        } else {
            lane.saturating_sub(1)
        };
        self.put_cursor(lane, at);
    }

    /// To the first or last that is known of the lane.
    pub(super) fn put_at_end(&mut self, last: bool) {
        let (lane, at) = self.cursor_or_now();
        let extent = self.lanes.get(lane).and_then(DrawnLane::extent);
        let end = extent.map_or(at, |extent| if last { extent.until } else { extent.from });
        self.put_cursor(lane, end);
    }

    pub(super) fn zoom(&mut self, times: f64, x: Option<f64>) {
        let seen = |at: &f64| (self.view.from..=self.view.until).contains(at);
        let cursor = self.cursor.map(|(_, at)| at).filter(seen);
        let around = match x {
            Some(x) => self.view.at(x / self.width),
            None => cursor.unwrap_or(self.view.at(0.5)),
        };
        self.view = self.view.zoomed(times, around);
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of centuries fit an f64"
    )]
    fn cursor_or_now(&self) -> (usize, f64) {
        self.cursor.unwrap_or_else(|| {
            let now = self.now.as_millisecond() as f64;
            let inside = (self.view.from..=self.view.until).contains(&now);
            (0, if inside { now } else { self.view.at(0.5) })
        })
    }

    fn put_cursor(&mut self, lane: usize, at: f64) {
        self.view = self.view.reaching(at);
        self.cursor = Some((lane, at));
    }

    /// What lies at a moment of a lane, in words: a mark, a restorable second, or what is nearest
    /// before. With a height only what lies there counts as hit.
    pub(super) fn read(&self, lane: usize, at: f64, y: Option<f64>) -> String {
        let (Some(row), Some(drawn)) = (self.rows.get(lane), self.lanes.get(lane)) else {
            return String::new();
        };
        // Only a hydrated page reads: the browser's zone is known.
        let shown = local;
        let name = &row.resource.name;
        if let Some(hit) = drawn.nearest(at, y, self.reach()) {
            let spots = spots(&row.lane);
            if self.crowd(lane, at, y).is_some() {
                let names: Vec<String> = drawn
                    .near(hit, NEAR / self.width * self.view.span())
                    .filter_map(|n| Some(spots.get(n)?.name()))
                    .take(3)
                    .collect();
                return format!("{name}: {}; closer tells them apart", names.join("; "));
            }
            return spots
                .get(hit)
                .map_or_else(String::new, |spot| format!("{name}: {}", spot.name()));
        }
        let at = moment(at);
        let time = shown(at);
        match restorable(&row.lane, at) {
            Some(BandKind::Gap) => {
                return format!(
                    "{name}: {time}, in a gap of the record-level backup: changes are missing"
                );
            }
            Some(_) => return format!("{name}: restorable to {time}"),
            None => {}
        }
        if at > self.now {
            return format!("{name}: {time}, in the future");
        }
        match row.lane.point_before(at) {
            Some(mark) => format!(
                "{name}: {time}, restorable only to the point of {}",
                shown(mark.at)
            ),
            None => format!("{name}: {time}, nothing shown to restore from"),
        }
    }

    /// Where a click or Enter at a moment of a lane leads.
    pub(super) fn href(
        &self,
        links: &Links,
        lane: usize,
        at: f64,
        y: Option<f64>,
    ) -> Option<String> {
        let (row, drawn) = (self.rows.get(lane)?, self.lanes.get(lane)?);
        if let Some(hit) = drawn.nearest(at, y, self.reach()) {
            let spots = spots(&row.lane);
            return Some(links.of(spots.get(hit)?, &row.lane, &row.resource));
        }
        let at = moment(at);
        let in_gap = restorable(&row.lane, at) == Some(BandKind::Gap);
        let mut bands = row.lane.bands.iter();
        bands.find_map(|band| {
            // What a gap restores is not what was: it leads to what is known of it.
            let usable = !in_gap || band.kind == BandKind::Gap;
            usable.then(|| links.second(&row.resource, band, at))?
        })
    }
}

/// By what a moment can be restored: a gap where it lies in one and nothing but the record-level backup covers it.
fn restorable(lane: &Lane, at: Timestamp) -> Option<BandKind> {
    let covers = lane.bands.iter();
    covers
        .filter(|band| (band.from..=band.until).contains(&at))
        .map(|band| band.kind)
        .min_by_key(|kind| match kind {
            BandKind::Records => 2,
            BandKind::Gap => 1,
            _ => 0,
        })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_domain::{
        Arn, PointSource, ResourceRow, ResourceType, Tier,
        timeline::{Band, Look, Mark, MarkKind, Only, State},
    };

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_millisecond(500_000 * HOUR + hour * HOUR).unwrap()
    }

    fn row(hours: &[i64]) -> TimelineRow {
        let arn = Arn::parse("arn:aws:dynamodb:eu-west-1:111111111111:table/orders").unwrap();
        let look = Look {
            source: PointSource::AwsBackup,
            tier: Tier::Warm,
            state: State::Complete,
            locked: false,
            copy: false,
        };
        let marks = hours.iter().map(|hour| Mark {
            at: at(*hour),
            kind: MarkKind::Point,
            count: 1,
            looks: vec![(look, 1)],
            only: Some(Only::default()),
        });
        TimelineRow {
            lane: Lane {
                resource: arn.clone(),
                from: at(0),
                until: at(1000),
                step: HOUR,
                marks: marks.collect(),
                bands: vec![],
                planned_until: None,
            },
            resource: ResourceRow {
                arn,
                resource_type: ResourceType::DynamoDb,
                account: "111111111111".parse().unwrap(),
                alias: String::new(),
                region: "eu-west-1".parse().unwrap(),
                name: "orders".into(),
                owner: None,
                size_bytes: None,
                points: 0,
                newest_point: None,
                pitr: None,
                failing: false,
                deleted: false,
            },
        }
    }

    /// A drawing of 1,000 pixels over 1,000 hours.
    fn live(hours: &[i64]) -> Live {
        let mut live = Live::of(vec![row(hours), row(&[])], at(900)).unwrap();
        (live.width, live.height, live.tops) = (1000.0, 300.0, vec![40.0, 140.0]);
        live
    }

    fn hour(at: f64) -> i64 {
        moment(at).as_millisecond() / HOUR - 500_000
    }

    #[test]
    fn dragging_moves_and_a_still_pointer_clicks() {
        let mut live = live(&[]);
        live.press(500.0, false);
        live.follow(600.0, 80.0);
        assert!(!live.release());
        assert_eq!(hour(live.view.from), -100);
        live.press(500.0, false);
        live.follow(502.0, 80.0);
        assert!(live.release());
        assert_eq!(hour(live.view.from), -100);
    }

    #[test]
    fn what_is_brushed_is_shown_alone() {
        let mut live = live(&[]);
        live.press(300.0, true);
        live.follow(200.0, 10.0);
        assert_eq!(live.brush(), Some((300.0, 200.0)));
        assert!(!live.release());
        assert_eq!((hour(live.view.from), hour(live.view.until)), (200, 300));
    }

    #[test]
    fn marks_that_lie_together_are_told_apart_closer() {
        let live = live(&[100, 105, 400]);
        let view = live
            .crowd(0, View::of(at(100), at(100)).from, Some(46.0))
            .unwrap();
        assert!(view.span() < live.view.span() / 10.0);
        assert_eq!(
            live.crowd(0, View::of(at(400), at(400)).from, Some(46.0)),
            None
        );
    }

    #[test]
    fn the_cursor_steps_from_mark_to_mark_and_from_lane_to_lane() {
        let mut live = live(&[100, 105, 400]);
        live.put_at_end(false);
        assert_eq!(
            live.cursor.map(|(lane, at)| (lane, hour(at))),
            Some((0, 100))
        );
        live.step(true, true);
        live.step(true, true);
        assert_eq!(
            live.cursor.map(|(lane, at)| (lane, hour(at))),
            Some((0, 400))
        );
        live.change_lane(true);
        live.change_lane(true);
        assert_eq!(
            live.cursor.map(|(lane, at)| (lane, hour(at))),
            Some((1, 400))
        );
        assert_eq!(live.lane_at(150.0), Some((1, 10.0)));
        assert_eq!(live.lane_at(20.0), None);
    }

    #[test]
    fn a_second_in_a_gap_leads_to_the_gap_unless_something_else_covers_it() {
        let band = |kind, from, until| Band {
            kind,
            from: at(from),
            until: at(until),
            point: None,
            capture: Some("c-1".into()),
        };
        let mut live = live(&[]);
        live.rows[0].lane.bands = vec![
            band(BandKind::Records, 100, 500),
            band(BandKind::Gap, 200, 300),
        ];
        let links = Links {
            restores: true,
            page: std::sync::Arc::new(|_| String::new()),
        };
        let at_hour = |live: &Live, hour: i64| {
            let millis = View::of(at(hour), at(hour)).from;
            let href = live.href(&links, 0, millis, None);
            let by = restorable(&live.rows[0].lane, at(hour));
            (by, href.unwrap_or_default())
        };
        let (by, before) = at_hour(&live, 150);
        assert_eq!(by, Some(BandKind::Records));
        assert!(
            before.starts_with("/restore") && before.contains("capture=c-1"),
            "{before}"
        );
        let (by, inside) = at_hour(&live, 250);
        assert_eq!(by, Some(BandKind::Gap));
        assert_eq!(inside, "/records/view?capture=c-1#gaps-title");
        let window = band(BandKind::PointInTime, 240, 400);
        live.rows[0].lane.bands.insert(0, window);
        let (by, covered) = at_hour(&live, 250);
        assert_eq!(by, Some(BandKind::PointInTime));
        assert!(
            covered.starts_with("/restore") && !covered.contains("capture"),
            "{covered}"
        );
        assert_eq!(at_hour(&live, 600), (None, String::new()));
    }

    #[test]
    fn what_is_seen_closer_or_elsewhere_is_loaded() {
        let mut live = live(&[]);
        assert_eq!(
            live.needs(2000),
            None,
            "hours are fine enough for forty days"
        );
        live.zoom(0.01, Some(500.0));
        assert!(live.needs(2000).is_some(), "too coarse");
        let mut live = self::live(&[]);
        live.view = live.view.moved(3.0);
        assert!(live.needs(2000).is_some_and(|view| view.covers(live.view)));
    }
}
