use leptos::prelude::*;

use crate::format::hours_and_minutes;

/// When a rule's jobs may start and must end, on a day on which it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The rule.
    pub(crate) name: String,
    /// Minutes of the day at which it begins.
    pub(crate) starts: Vec<u16>,
    /// Minutes within which a job must start.
    pub(crate) start_within: i64,
    /// Minutes within which a job must end.
    pub(crate) end_within: i64,
}

const DAY: i64 = 24 * 60;
/// The height of a rule's row.
const ROW: usize = 40;

/// Windows drawn against the day: a mark where each begins, dark while jobs may start, light while
/// they may still run.
#[component]
pub(crate) fn WindowBar(
    /// The windows, one row each.
    #[prop(into)]
    windows: Signal<Vec<Window>>,
    /// The zone that the day is in, in words.
    #[prop(into)]
    zone: Signal<String>,
) -> impl IntoView {
    let drawing = move || {
        let windows = windows.get();
        let label = format!(
            "Windows against the day in {}: {}",
            zone.get(),
            summary(&windows)
        );
        let height = windows.len() * ROW + 24;
        let bottom = windows.len() * ROW + 4;
        let scale = (0..=4).map(|quarter| tick(quarter, bottom)).collect_view();
        let rows = windows
            .into_iter()
            .enumerate()
            .map(|(index, window)| row(&window, index * ROW))
            .collect_view();
        view! {
            <svg class="bars-drawing" width="100%" height=height.to_string() role="img" aria-label=label>
                {scale}
                {rows}
            </svg>
        }
    };
    view! {
        <figure class="bars">
            {drawing}
            <figcaption class="bars-caption">
                <span class="bars-key" data-kind="start">"jobs may start"</span>
                <span class="bars-key" data-kind="end">"jobs may still run"</span>
                <span>"Day in " {zone}</span>
            </figcaption>
        </figure>
    }
}

fn tick(quarter: i64, bottom: usize) -> impl IntoView {
    let x = percent(quarter * 6 * 60);
    let (anchor, label) = match quarter {
        0 => ("start", "00:00"),
        1 => ("middle", "06:00"),
        2 => ("middle", "12:00"),
        3 => ("middle", "18:00"),
        _ => ("end", "24:00"),
    };
    view! {
        <line class="bars-tick" x1=x.clone() x2=x.clone() y1="0" y2=bottom.to_string()></line>
        <text class="bars-label" x=x y=(bottom + 14).to_string() text-anchor=anchor>{label}</text>
    }
}

fn row(window: &Window, top: usize) -> impl IntoView + use<> {
    let bar = |kind: &'static str, length: i64| {
        let y = (top + 18).to_string();
        window
            .starts
            .iter()
            .flat_map(|start| pieces(i64::from(*start), length))
            .map(move |(from, width)| {
                view! {
                    <rect
                        class="bars-bar"
                        data-kind=kind
                        x=percent(from)
                        width=percent(width)
                        y=y.clone()
                        height="14"
                    ></rect>
                }
            })
            .collect_view()
    };
    let begins = window
        .starts
        .iter()
        .map(|start| {
            let x = percent(i64::from(*start));
            view! {
                <line class="bars-begin" x1=x.clone() x2=x y1=(top + 15).to_string() y2=(top + 35).to_string()></line>
            }
        })
        .collect_view();
    // What may run for days would only paint the whole day.
    let runs = (window.end_within < DAY).then(|| bar("end", window.end_within));
    view! {
        <text class="bars-name" x="2" y=(top + 12).to_string()>{describe(window)}</text>
        <line class="bars-track" x1="0" x2="100%" y1=(top + 25).to_string() y2=(top + 25).to_string()></line>
        {runs}
        {bar("start", window.start_within)}
        {begins}
    }
}

fn describe(window: &Window) -> String {
    let begins = match window.starts.as_slice() {
        [] => return format!("{}: never", window.name),
        [one] => format!("from {}", hours_and_minutes(i64::from(*one))),
        more => format!("{} times a day", more.len()),
    };
    format!(
        "{}: {begins}, start in {}, end in {}",
        window.name,
        minutes(window.start_within),
        minutes(window.end_within)
    )
}

fn summary(windows: &[Window]) -> String {
    let rows: Vec<String> = windows.iter().map(describe).collect();
    rows.join("; ")
}

/// A length of minutes in its largest whole unit: `90 min`, `8 h`, `7 days`.
pub(crate) fn minutes(length: i64) -> String {
    match length {
        length if length > 0 && length % DAY == 0 => match length / DAY {
            1 => "24 h".to_owned(),
            days => format!("{days} days"),
        },
        length if length > 0 && length % 60 == 0 => format!("{} h", length / 60),
        length => format!("{length} min"),
    }
}

/// The parts of a window on one day, as beginning and length in minutes: what runs past midnight goes
/// on at the day's beginning, where the window of the day before is still open.
fn pieces(from: i64, length: i64) -> Vec<(i64, i64)> {
    let length = length.clamp(0, DAY);
    let today = length.min(DAY - from);
    let mut pieces = vec![(from, today)];
    if length > today {
        pieces.push((0, length - today));
    }
    pieces
}

#[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
fn percent(minutes: i64) -> String {
    format!("{:.3}%", minutes as f64 * 100.0 / DAY as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_past_midnight_goes_on_at_the_days_beginning() {
        assert_eq!(pieces(300, 480), [(300, 480)]);
        assert_eq!(pieces(1320, 480), [(1320, 120), (0, 360)]);
        assert_eq!(pieces(600, 10_080), [(600, 840), (0, 600)]);
        assert_eq!(pieces(0, 1440), [(0, 1440)]);
        assert_eq!(pieces(60, -5), [(60, 0)]);
    }

    #[test]
    fn lengths_are_said_in_whole_units() {
        for (length, text) in [
            (60, "1 h"),
            (90, "90 min"),
            (480, "8 h"),
            (1440, "24 h"),
            (10_080, "7 days"),
            (0, "0 min"),
        ] {
            assert_eq!(minutes(length), text);
        }
    }
}
