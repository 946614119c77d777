use jiff::Timestamp;
use leptos::prelude::*;

use super::{Moment, Style};

/// The life of a recovery point, drawn to scale: warm, cold, deleted, and where it stands now.
#[component]
pub(crate) fn LifecycleBar(
    /// When it was made.
    created_at: Timestamp,
    /// When it moves to cold storage.
    cold_at: Option<Timestamp>,
    /// When it is deleted; none for never.
    delete_at: Option<Timestamp>,
    /// The present moment.
    now: Timestamp,
) -> impl IntoView {
    let (start, end) = span(created_at, cold_at, delete_at, now);
    let place = |at: Timestamp| percent(start, end, at);
    let cold_from = cold_at.filter(|at| delete_at.is_none_or(|end| *at < end));
    let warm_width = cold_from.map_or(100.0, place);
    let cold = cold_from.map(|at| {
        let (x, width) = (place(at), 100.0 - place(at));
        view! { <rect class="life-cold" x=format!("{x:.2}%") y="5" width=format!("{width:.2}%") height="12"></rect> }
    });
    let forever = delete_at.is_none().then_some("true");
    let here = format!("{:.2}%", place(now));
    let stages = stages(created_at, cold_from, delete_at, now);
    view! {
        <div class="life" role="group" aria-label="Life of the recovery point">
            <svg class="life-bar" data-forever=forever width="100%" height="22" aria-hidden="true">
                <rect class="life-warm" x="0" y="5" width=format!("{warm_width:.2}%") height="12"></rect>
                {cold}
                <line class="life-now" x1=here.clone() x2=here y1="0" y2="22"></line>
            </svg>
            <ol class="life-stages">{stages}</ol>
        </div>
    }
}

fn stages(
    created_at: Timestamp,
    cold_at: Option<Timestamp>,
    delete_at: Option<Timestamp>,
    now: Timestamp,
) -> AnyView {
    let stage = |tier: &'static str, word: String, at: Timestamp| {
        view! {
            <li data-tier=tier>
                <strong>{word}</strong> " " <Moment at style=Style::Both/>
            </li>
        }
    };
    let cold = cold_at.map(|at| {
        let word = if at <= now { "cold since" } else { "cold from" };
        stage("cold", word.to_owned(), at)
    });
    let gone = match delete_at {
        Some(at) if at <= now => stage("gone", "should be gone since".to_owned(), at).into_any(),
        Some(at) => stage("gone", "deleted".to_owned(), at).into_any(),
        None => view! { <li data-tier="gone"><strong>"kept forever"</strong></li> }.into_any(),
    };
    view! { {stage("warm", "made".to_owned(), created_at)} {cold} {gone} }.into_any()
}

/// First and last moment of the drawing: without an end, a third more than is behind it.
fn span(
    created_at: Timestamp,
    cold_at: Option<Timestamp>,
    delete_at: Option<Timestamp>,
    now: Timestamp,
) -> (i64, i64) {
    let start = created_at.as_second();
    let last = [Some(now), cold_at, delete_at]
        .into_iter()
        .flatten()
        .map(Timestamp::as_second)
        .fold(start + 1, i64::max);
    if delete_at.is_some() {
        return (start, last);
    }
    (start, last + (last - start) / 3 + 1)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on a screen needs no more than three digits"
)]
fn percent(start: i64, end: i64, at: Timestamp) -> f64 {
    let share = (at.as_second() - start) as f64 / (end - start).max(1) as f64;
    (share * 100.0).clamp(0.0, 100.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn day(days: i64) -> Timestamp {
        Timestamp::from_second(days * 86_400).unwrap()
    }

    #[test]
    fn the_drawing_ends_with_the_deletion_or_leaves_room_for_ever() {
        let (start, end) = span(day(0), Some(day(30)), Some(day(120)), day(60));
        assert_eq!((start, end), (0, 120 * 86_400));
        assert!((percent(start, end, day(30)) - 25.0).abs() < 0.01);
        let (_, open) = span(day(0), None, None, day(30));
        assert!(open > 30 * 86_400);
        let (_, late) = span(day(0), None, Some(day(10)), day(20));
        assert_eq!(late, 20 * 86_400);
    }
}
