use std::fmt::Write as _;

use leptos::prelude::*;
use tidemark_domain::coverage::DayCount;

const WIDTH: f64 = 90.0;
const HEIGHT: f64 = 20.0;

/// How many resources passed a control day by day, as a line from none to all. The words beside it say the
/// same.
pub(super) fn trend(control: &str, history: &[DayCount]) -> Option<impl IntoView + use<>> {
    let shares: Vec<f64> = history
        .iter()
        .filter(|day| day.control == control)
        .map(share)
        .collect();
    let (first, last) = (*shares.first()?, *shares.last()?);
    if shares.len() < 2 {
        return None;
    }
    let points = line(&shares);
    let words = format!(
        "{:.0} % passed {} days ago, {:.0} % now",
        first * 100.0,
        shares.len() - 1,
        last * 100.0
    );
    Some(view! {
        <svg class="trend" viewBox="0 0 90 20" role="img" aria-label=words>
            <path d=points></path>
        </svg>
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a line of 90 pixels needs no more than 52 bits"
)]
fn share(day: &DayCount) -> f64 {
    let all = day.passed + day.failed + day.unknown;
    day.passed as f64 / all.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are at most 91 days")]
fn line(shares: &[f64]) -> String {
    let step = WIDTH / (shares.len().saturating_sub(1).max(1)) as f64;
    let mut points = String::new();
    for (index, share) in shares.iter().enumerate() {
        let y = HEIGHT - 2.0 - share * (HEIGHT - 4.0);
        let move_or_line = if index == 0 { 'M' } else { 'L' };
        let _ = write!(points, "{move_or_line}{:.1} {y:.1}", index as f64 * step);
    }
    points
}
