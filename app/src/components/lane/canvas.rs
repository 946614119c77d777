//! Draws lanes on a canvas. A frame makes as few calls as it can: where marks lie close, they are
//! bars, all of one colour filled at once.

use std::{cell::RefCell, collections::HashMap};

use tidemark_domain::timeline::{BandKind, MarkKind};
use web_sys::{CanvasRenderingContext2d, Path2d};

use super::{
    drawn::{DrawnLane, DrawnSpot},
    layout::ticks,
    mark::{LOCK, outline, sign},
    spot::{HEIGHT, Track},
    view_range::View,
};

/// On a lane with more marks than one in so many pixels they are bars.
const CROWDED: f64 = 7.0;

/// Marks on a track that are nearer to each other than so many pixels are drawn as one.
pub(super) const NEAR: f64 = 13.0;

/// The colours of the theme, as the styles have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inks(HashMap<String, String>);

impl Inks {
    pub(super) fn of(inks: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(inks.into_iter().collect())
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("#808080", String::as_str)
    }
}

/// What a frame draws.
pub(super) struct Scene<'a> {
    pub(super) view: View,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) ratio: f64,
    /// Milliseconds per column of what is loaded.
    pub(super) step: f64,
    pub(super) now: f64,
    pub(super) lanes: &'a [DrawnLane],
    /// Upper edge of each lane.
    pub(super) tops: &'a [f64],
    /// Where the pointer is.
    pub(super) pointer: Option<f64>,
    /// Lane and moment of the keyboard's cursor.
    pub(super) cursor: Option<(usize, f64)>,
    /// What is being marked to be shown alone.
    pub(super) brush: Option<(f64, f64)>,
    pub(super) inks: &'a Inks,
}

thread_local! {
    static PATHS: RefCell<HashMap<&'static str, Path2d>> = RefCell::default();
}

fn with_path(lines: &'static str, draw: impl FnOnce(&Path2d)) {
    PATHS.with_borrow_mut(|paths| {
        if !paths.contains_key(lines)
            && let Ok(path) = Path2d::new_with_path_string(lines)
        {
            paths.insert(lines, path);
        }
        if let Some(path) = paths.get(lines) {
            draw(path);
        }
    });
}

impl Scene<'_> {
    fn x(&self, at: f64) -> f64 {
        self.view.fraction(at) * self.width
    }

    pub(super) fn draw(&self, to: &CanvasRenderingContext2d) {
        // Of a transformation that is no number nothing is drawn, which is all that can fail here.
        let _ = to.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0);
        to.clear_rect(0.0, 0.0, self.width, self.height);
        to.set_font("11px system-ui, sans-serif");
        to.set_text_align("center");
        to.set_line_width(1.0);
        self.scale(to);
        for (lane, top) in self.lanes.iter().zip(self.tops) {
            self.lane(to, lane, *top);
        }
        self.now_line(to);
        self.brush(to);
        self.pointer(to);
        self.cursor(to);
    }

    fn scale(&self, to: &CanvasRenderingContext2d) {
        let (from, until) = self.view.moments();
        #[expect(clippy::cast_possible_truncation, reason = "a handful of lines")]
        let most = (self.width / 110.0).clamp(1.0, 8.0) as i64;
        to.set_stroke_style_str(self.inks.get("line"));
        to.set_fill_style_str(self.inks.get("muted"));
        to.begin_path();
        for tick in ticks(from, until, most) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "milliseconds of centuries fit an f64"
            )]
            let x = self.x(tick.at.as_millisecond() as f64);
            to.move_to(x, 22.0);
            to.line_to(x, self.height);
            let _ = to.fill_text(&tick.label, x, 16.0);
        }
        to.stroke();
        let _ = to.fill_text("UTC", 15.0, 30.0);
    }

    fn now_line(&self, to: &CanvasRenderingContext2d) {
        let x = self.x(self.now);
        if !(0.0..=self.width).contains(&x) {
            return;
        }
        to.set_stroke_style_str(self.inks.get("bad"));
        to.set_fill_style_str(self.inks.get("bad"));
        dashes(to, &[3.0, 2.0]);
        line(to, (x, 34.0), (x, self.height));
        dashes(to, &[]);
        let _ = to.fill_text("now", x, 30.0);
    }

    fn brush(&self, to: &CanvasRenderingContext2d) {
        if let Some((one, other)) = self.brush {
            to.set_global_alpha(0.2);
            to.set_fill_style_str(self.inks.get("accent"));
            to.fill_rect(one.min(other), 0.0, (one - other).abs(), self.height);
            to.set_global_alpha(1.0);
        }
    }

    fn pointer(&self, to: &CanvasRenderingContext2d) {
        if let Some(x) = self.pointer {
            to.set_stroke_style_str(self.inks.get("text"));
            line(to, (x, 22.0), (x, self.height));
        }
    }

    fn cursor(&self, to: &CanvasRenderingContext2d) {
        let Some((lane, at)) = self.cursor else {
            return;
        };
        let Some(top) = self.tops.get(lane) else {
            return;
        };
        let x = self.x(at);
        to.set_stroke_style_str(self.inks.get("accent"));
        to.set_line_width(2.0);
        line(to, (x, *top), (x, top + f64::from(HEIGHT)));
        to.stroke_rect(1.0, top + 1.0, self.width - 2.0, f64::from(HEIGHT) - 2.0);
        to.set_line_width(1.0);
    }

    fn lane(&self, to: &CanvasRenderingContext2d, lane: &DrawnLane, top: f64) {
        let middle = top + f64::from(Track::Points.y());
        to.set_stroke_style_str(self.inks.get("line-strong"));
        line(to, (0.0, middle), (self.width, middle));
        if lane.copies {
            let y = top + f64::from(Track::Copies.y());
            line(to, (0.0, y), (self.width, y));
        }
        for (from, until, kind) in &lane.bands {
            self.band(to, (*from, *until, *kind), middle);
        }
        // Marks beyond the edges may reach in by half their width.
        let margin = 12.0 / self.width * self.view.span();
        let (first, last) = (self.view.from - margin, self.view.until + margin);
        let seen = |spot: &&DrawnSpot| (first..=last).contains(&spot.at);
        #[expect(clippy::cast_precision_loss, reason = "some thousand marks")]
        let number = lane.spots.iter().filter(seen).count() as f64;
        if number * CROWDED > self.width {
            self.bars(to, lane, top, &seen);
            return;
        }
        to.set_stroke_style_str(self.inks.get("muted"));
        for (from, until) in &lane.joined {
            let points = f64::from(Track::Points.y());
            let copies = f64::from(Track::Copies.y());
            line(
                to,
                (self.x(*from), top + points),
                (self.x(*until), top + copies),
            );
        }
        let mut near: Option<DrawnSpot> = None;
        for spot in lane.spots.iter().filter(seen) {
            near = Some(match near.take() {
                Some(before)
                    if before.track == spot.track && self.x(spot.at) - self.x(before.at) < NEAR =>
                {
                    before.with(spot)
                }
                Some(before) => {
                    self.mark(to, &before, top);
                    *spot
                }
                None => *spot,
            });
        }
        if let Some(last) = near {
            self.mark(to, &last, top);
        }
    }

    fn band(&self, to: &CanvasRenderingContext2d, band: (f64, f64, BandKind), middle: f64) {
        let (from, until, kind) = band;
        let x = self.x(from).max(-2.0);
        let end = self.x(until).min(self.width + 2.0);
        if end < 0.0 || x > self.width {
            return;
        }
        let (ground, edge, dash): (_, _, &[f64]) = match kind {
            BandKind::PointInTime => ("accent-ground", "accent", &[]),
            BandKind::Continuous => ("accent-ground", "accent", &[6.0, 2.0]),
            BandKind::Versions => ("accent-ground", "accent", &[1.0, 3.0]),
            BandKind::Records => ("accent-ground", "accent", &[3.0, 3.0]),
            BandKind::Gap => ("surface", "bad", &[2.0, 2.0]),
        };
        to.set_fill_style_str(self.inks.get(ground));
        to.set_stroke_style_str(self.inks.get(edge));
        dashes(to, dash);
        let width = (end - x).max(2.0);
        to.fill_rect(x, middle - 12.0, width, 24.0);
        to.stroke_rect(x, middle - 12.0, width, 24.0);
        dashes(to, &[]);
    }

    /// A bar per place, the higher the more it stands for; one fill per colour.
    fn bars(
        &self,
        to: &CanvasRenderingContext2d,
        lane: &DrawnLane,
        top: f64,
        seen: &dyn Fn(&&DrawnSpot) -> bool,
    ) {
        let column = self.step / self.view.span() * self.width;
        let width = (column - 0.5).clamp(1.5, 6.0);
        for ink in ["accent", "cold", "text", "bad", "warn", "muted"] {
            let mut any = false;
            for spot in lane.spots.iter().filter(|s| seen(s) && bar_ink(s) == ink) {
                if !any {
                    to.begin_path();
                    any = true;
                }
                let half = (4.0 + 1.5 * f64::from(spot.count).log2()).min(12.0);
                let y = top + f64::from(spot.track.y());
                to.rect(self.x(spot.at) - width / 2.0, y - half, width, 2.0 * half);
            }
            if any {
                to.set_fill_style_str(self.inks.get(ink));
                to.fill();
            }
        }
    }

    fn mark(&self, to: &CanvasRenderingContext2d, spot: &DrawnSpot, top: f64) {
        let (x, y) = (self.x(spot.at), top + f64::from(spot.track.y()));
        let _ = to.translate(x, y);
        if let Some(lines) = sign(spot.kind) {
            to.set_stroke_style_str(self.inks.get(bar_ink(spot)));
            to.set_line_width(1.75);
            with_path(lines, |path| to.stroke_with_path(path));
        } else {
            let (fill, edge, width) = match spot.tier {
                "cold" => ("surface", "cold", 2.5),
                "mixed" => ("accent", "cold", 2.5),
                _ => ("accent", "surface", 1.5),
            };
            to.set_fill_style_str(self.inks.get(fill));
            to.set_stroke_style_str(self.inks.get(edge));
            to.set_line_width(width);
            with_path(outline(spot.source), |path| {
                to.fill_with_path_2d(path);
                to.stroke_with_path(path);
            });
        }
        to.set_line_width(1.0);
        if spot.count > 1 {
            to.set_fill_style_str(self.inks.get("muted"));
            let _ = to.fill_text(&spot.count.to_string(), 0.0, 17.0);
        }
        if spot.flawed && spot.kind.is_point() {
            to.set_fill_style_str(self.inks.get("text"));
            let _ = to.fill_text("!", 9.0, -6.0);
        } else if spot.locked && spot.kind.is_point() {
            to.set_fill_style_str(self.inks.get("muted"));
            let _ = to.translate(9.0, -9.0);
            with_path(LOCK, |path| to.fill_with_path_2d(path));
            let _ = to.translate(-9.0, 9.0);
        }
        let _ = to.translate(-x, -y);
    }
}

/// The colour of a bar, or of a sign's lines.
fn bar_ink(spot: &DrawnSpot) -> &'static str {
    match spot.kind {
        MarkKind::Failed | MarkKind::Missed | MarkKind::CopyFailed => "bad",
        MarkKind::Deleted => "warn",
        MarkKind::GoesCold => "cold",
        MarkKind::Pruned | MarkKind::Expires | MarkKind::Scheduled => "muted",
        MarkKind::Point | MarkKind::Copy if spot.flawed => "text",
        MarkKind::Point | MarkKind::Copy if spot.tier == "cold" => "cold",
        MarkKind::Point | MarkKind::Copy => "accent",
    }
}

fn line(to: &CanvasRenderingContext2d, from: (f64, f64), until: (f64, f64)) {
    to.begin_path();
    to.move_to(from.0, from.1);
    to.line_to(until.0, until.1);
    to.stroke();
}

fn dashes(to: &CanvasRenderingContext2d, lengths: &[f64]) {
    let list: js_sys::Array = lengths
        .iter()
        .copied()
        .map(wasm_bindgen::JsValue::from_f64)
        .collect();
    // Only lengths below zero are refused.
    let _ = to.set_line_dash(&list);
}
