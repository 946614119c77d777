use tidemark_domain::{PointSource, timeline::MarkKind};

use super::{
    markup::{Markup, escape},
    spot::Spot,
};

/// The outline of a recovery point, around 0,0: the shape says who made it.
pub(crate) const fn outline(source: PointSource) -> &'static str {
    match source {
        PointSource::AwsBackup => "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
        PointSource::Continuous => "M-8 -4h16v8h-16z",
        PointSource::DynamoDbBackup => "M0 -7.5L7.5 0L0 7.5L-7.5 0z",
        PointSource::DynamoDbSystem => "M0 -7L7.5 6H-7.5z",
        PointSource::MemoryDbSnapshot => "M-5.5 -5.5h11v11h-11z",
        PointSource::EbsSnapshot => "M-6.5 -3.75L0 -7.5L6.5 -3.75V3.75L0 7.5L-6.5 3.75z",
        PointSource::RdsSnapshot => "M-5.5 -5q5.5 -3.5 11 0v10q-5.5 3.5 -11 0z",
    }
}

/// The lines of what is no recovery point, around 0,0; none for what is one.
pub(crate) const fn sign(kind: MarkKind) -> Option<&'static str> {
    Some(match kind {
        MarkKind::Point | MarkKind::Copy => return None,
        MarkKind::Failed => "M-5 -5L5 5M-5 5L5 -5",
        MarkKind::Missed => "M0 -6a6 6 0 1 1 0 12a6 6 0 1 1 0 -12M-4.2 4.2L4.2 -4.2",
        MarkKind::Pruned => "M0 -6a6 6 0 1 1 0 12a6 6 0 1 1 0 -12M-3.5 0h7",
        MarkKind::Deleted => "M-5 -3.5h10M-3.7 -3.5l.7 9h6l.7 -9M-1.5 -3.5v-2h3v2",
        MarkKind::CopyFailed => "M-6 -6h12v12h-12zM-3 -3L3 3M-3 3L3 -3",
        MarkKind::GoesCold => "M0 -6V6M-5.2 -3L5.2 3M-5.2 3L5.2 -3",
        MarkKind::Expires => "M-4.5 -6h9L-4.5 6h9z",
        MarkKind::Scheduled => "M0 -6.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0 -13M0 -3.5V0l2.5 2",
    })
}

/// A padlock, around 0,0.
pub(super) const LOCK: &str =
    "M-4 -1h8v6h-8zM-2.5 -1v-1.5a2.5 2.5 0 0 1 5 0V-1h-1.2v-1.5a1.3 1.3 0 0 0 -2.6 0V-1z";

/// A place at its place, as a link. Colour and filling say the tier, the shape says the source, signs
/// say what is special.
pub(super) fn mark(to: &mut Markup, spot: &Spot<'_>, x: &str, href: &str) {
    let kind = spot.kind();
    let name = escape(&spot.name());
    to.push(format_args!(
        "<svg class=\"mark\" x=\"{x}\" y=\"{}\" overflow=\"visible\" data-tier=\"{}\" data-kind=\"{}\">\
         <a href=\"{}\" aria-label=\"{name}\"><title>{name}</title>\
         <rect class=\"mark-target\" x=\"-12\" y=\"-13\" width=\"24\" height=\"27\"/>",
        spot.track.y(),
        spot.tier(),
        kind.as_str(),
        escape(href)
    ));
    match sign(kind) {
        Some(lines) => to.push(format_args!("<path class=\"mark-lines\" d=\"{lines}\"/>")),
        None => to.push(format_args!(
            "<path class=\"mark-shape\" d=\"{}\"/>",
            outline(spot.source())
        )),
    }
    if kind.is_point() && spot.is_flawed() {
        to.push(format_args!(
            "<text class=\"mark-sign\" x=\"9\" y=\"-6\">!</text>"
        ));
    } else if kind.is_point() && spot.is_locked() {
        to.push(format_args!(
            "<path class=\"lane-lock\" d=\"{LOCK}\" transform=\"translate(9 -9) scale(.8)\"/>"
        ));
    }
    if spot.count() > 1 {
        to.push(format_args!(
            "<text class=\"mark-count\" y=\"17\" text-anchor=\"middle\">{}</text>",
            spot.count()
        ));
    }
    to.push(format_args!("</a></svg>"));
}
