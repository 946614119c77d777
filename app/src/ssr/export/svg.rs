use jiff::Timestamp;
use tidemark_domain::timeline::{Lane, TimelineRow, position};

use crate::components::{HEIGHT, Markup, Spot, Track, escape, outline, sign, spots, ticks};

const NAMES: f64 = 260.0;
const DRAWING: f64 = 1440.0;
const HEAD: i32 = 40;

/// The look of the file: it stands alone, so it brings its colours along.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#172024}.muted{fill:#55636b}\
.line{stroke:#d9dfe2}.track{stroke:#87949b}.now{stroke:#ad2318;stroke-dasharray:3 2}\
.band{fill:#e0f1f3;stroke:#0a6772}.shape{fill:#0a6772;stroke:#fff;stroke-width:1.5}\
.cold{fill:#fff;stroke:#4a45b5;stroke-width:2.5}.mixed{fill:#4a45b5}\
.sign{fill:none;stroke:#172024;stroke-width:1.75}.failed,.missed,.copy_failed{stroke:#ad2318}\
.deleted{stroke:#845100}.goes_cold{stroke:#4a45b5}.flaw{font-weight:700}";

/// The lanes as a drawing of its own (SVG 1.1), each mark with its name as a title.
pub fn svg(rows: &[TimelineRow], now: Timestamp) -> String {
    let lanes = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let height = HEAD
        .saturating_add(HEIGHT.saturating_mul(lanes))
        .saturating_add(8);
    let width = NAMES + DRAWING + 24.0;
    let mut text = Markup::default();
    text.push(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\"><style>{STYLE}</style>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
    ));
    if let Some(row) = rows.first() {
        scale(&mut text, &row.lane, now, height);
    }
    for (row, number) in rows.iter().zip(0..) {
        let top = HEAD + HEIGHT * number;
        let resource = &row.resource;
        let about = format!(
            "{}, {}, {}",
            resource.resource_type, resource.account, resource.region
        );
        element(&mut text, 12.0, top + 40, "", &resource.name);
        element(&mut text, 12.0, top + 58, "muted", &about);
        lane(&mut text, &row.lane, top);
    }
    text.push(format_args!("</svg>"));
    text.into_string()
}

/// A place in the drawing.
fn place(at: Timestamp, lane: &Lane) -> f64 {
    NAMES + DRAWING * position(at, lane.from, lane.until)
}

fn scale(text: &mut Markup, lane: &Lane, now: Timestamp, height: i32) {
    for tick in ticks(lane.from, lane.until, 8) {
        let x = place(tick.at, lane);
        text.push(format_args!(
            "<line class=\"line\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"24\" y2=\"{height}\"/>\
             <text class=\"muted\" x=\"{x:.1}\" y=\"18\" text-anchor=\"middle\">{}</text>",
            escape(&tick.label)
        ));
    }
    if (lane.from..=lane.until).contains(&now) {
        let x = place(now, lane);
        text.push(format_args!(
            "<line class=\"now\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"24\" y2=\"{height}\"/>\
             <text x=\"{x:.1}\" y=\"34\" text-anchor=\"middle\">now</text>"
        ));
    }
}

fn lane(text: &mut Markup, lane: &Lane, top: i32) {
    let middle = top + Track::Points.y();
    let right = NAMES + DRAWING;
    text.push(format_args!(
        "<line class=\"track\" x1=\"{NAMES}\" x2=\"{right}\" y1=\"{middle}\" y2=\"{middle}\"/>"
    ));
    for band in &lane.bands {
        if band.from < lane.until && band.until > lane.from {
            let (x, end) = (place(band.from, lane), place(band.until, lane));
            text.push(format_args!(
                "<rect class=\"band\" x=\"{x:.1}\" y=\"{}\" width=\"{:.1}\" height=\"24\">\
                 <title>{}</title></rect>",
                middle - 12,
                (end - x).max(1.0),
                escape(band.kind.as_str())
            ));
        }
    }
    for spot in spots(lane) {
        mark(text, &spot, place(spot.at, lane), top);
    }
}

fn mark(text: &mut Markup, spot: &Spot<'_>, x: f64, top: i32) {
    let kind = spot.kind();
    let y = top + spot.track.y();
    let (class, lines) = match sign(kind) {
        Some(lines) => (format!("sign {}", kind.as_str()), lines),
        None => (format!("shape {}", spot.tier()), outline(spot.source())),
    };
    text.push(format_args!(
        "<g transform=\"translate({x:.1} {y})\"><title>{}</title>\
         <path class=\"{class}\" d=\"{lines}\"/>",
        escape(&spot.name())
    ));
    if spot.is_flawed() && kind.is_point() {
        text.push(format_args!(
            "<text class=\"flaw\" x=\"8\" y=\"-6\">!</text>"
        ));
    }
    if spot.count() > 1 {
        text.push(format_args!(
            "<text class=\"muted\" y=\"19\" text-anchor=\"middle\">{}</text>",
            spot.count()
        ));
    }
    text.push(format_args!("</g>"));
}

fn element(text: &mut Markup, x: f64, y: i32, class: &str, content: &str) {
    text.push(format_args!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
        escape(content)
    ));
}
