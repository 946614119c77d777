use leptos::prelude::*;

/// How long one thing keeps its points, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retention {
    /// What keeps them: a rule, a copy.
    pub(crate) name: String,
    /// Days until cold storage; none for never.
    pub(crate) cold: Option<i64>,
    /// Days until deletion; none for never.
    pub(crate) delete: Option<i64>,
    /// Shortest retention that the vault takes, in days.
    pub(crate) at_least: Option<i64>,
    /// Longest retention that the vault takes, in days.
    pub(crate) at_most: Option<i64>,
}

/// The height of a row.
const ROW: usize = 42;
/// How much of the width is left for what never ends.
const FOR_EVER: f64 = 1.12;

/// Lifecycles drawn to one scale: warm, cold, deleted; and what the vaults' locks allow.
#[component]
pub(crate) fn LifecycleScale(
    /// What is kept, one row each.
    #[prop(into)]
    rows: Signal<Vec<Retention>>,
) -> impl IntoView {
    let drawing = move || {
        let rows = rows.get();
        let days = span(&rows);
        let label = rows.iter().map(describe).collect::<Vec<_>>().join("; ");
        let bottom = rows.len() * ROW + 4;
        let height = (bottom + 20).to_string();
        let scale = ticks(days)
            .into_iter()
            .map(|(day, label)| tick(place(day, days), label, bottom))
            .collect_view();
        let drawn = rows
            .into_iter()
            .enumerate()
            .map(|(index, row)| draw(&row, days, index * ROW))
            .collect_view();
        view! {
            <svg class="bars-drawing" width="100%" height=height role="img" aria-label=label>
                {scale}
                {drawn}
            </svg>
        }
    };
    view! {
        <figure class="bars">
            {drawing}
            <figcaption class="bars-caption">
                <span class="bars-key" data-kind="warm">"warm"</span>
                <span class="bars-key" data-kind="cold">"cold"</span>
                <span class="bars-key" data-kind="lock">"outside the vault's lock: jobs fail"</span>
            </figcaption>
        </figure>
    }
}

fn draw(row: &Retention, days: f64, top: usize) -> impl IntoView + use<> {
    let end = row.delete.map_or(days, |day| clamp(day, days));
    let warm_end = row.cold.map_or(end, |day| clamp(day, days).min(end));
    let bar = |kind: &'static str, from: f64, until: f64| {
        let (x, width) = (percent(from, days), percent((until - from).max(0.0), days));
        view! {
            <rect class="bars-bar" data-kind=kind x=x width=width y=(top + 18).to_string() height="14"></rect>
        }
    };
    let cold = (warm_end < end).then(|| bar("cold", warm_end, end));
    let death = row.delete.map(|_| {
        let x = percent(end, days);
        view! {
            <line class="bars-end" x1=x.clone() x2=x y1=(top + 15).to_string() y2=(top + 35).to_string()></line>
        }
    });
    let forbidden = |from: f64, until: f64| {
        let (x, width) = (percent(from, days), percent((until - from).max(0.0), days));
        view! {
            <rect class="bars-bar" data-kind="lock" x=x width=width y=(top + 33).to_string() height="4"></rect>
        }
    };
    let too_short = row.at_least.map(|day| forbidden(0.0, clamp(day, days)));
    let too_long = row.at_most.map(|day| forbidden(clamp(day, days), days));
    view! {
        <text class="bars-name" x="2" y=(top + 12).to_string()>{describe(row)}</text>
        {bar("warm", 0.0, warm_end)}
        {cold}
        {death}
        {too_short}
        {too_long}
    }
}

fn tick(x: String, label: String, bottom: usize) -> impl IntoView {
    let anchor = if x.starts_with("0.0") {
        "start"
    } else {
        "middle"
    };
    view! {
        <line class="bars-tick" x1=x.clone() x2=x.clone() y1="0" y2=bottom.to_string()></line>
        <text class="bars-label" x=x y=(bottom + 14).to_string() text-anchor=anchor>{label}</text>
    }
}

fn describe(row: &Retention) -> String {
    let cold = match (row.cold, row.delete) {
        (Some(day), Some(end)) if day >= end => String::new(),
        (Some(day), _) => format!("cold after {}, ", length(day)),
        (None, _) => String::new(),
    };
    let end = match row.delete {
        Some(day) => format!("deleted after {}", length(day)),
        None => "kept forever".to_owned(),
    };
    let lock = match (row.at_least, row.at_most) {
        (Some(min), Some(max)) => format!(" (lock: {} to {})", length(min), length(max)),
        (Some(min), None) => format!(" (lock: at least {})", length(min)),
        (None, Some(max)) => format!(" (lock: at most {})", length(max)),
        (None, None) => String::new(),
    };
    format!("{}: {cold}{end}{lock}", row.name)
}

/// Days as people say them: `35 days`, `1 year`.
fn length(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days if days > 0 && days % 365 == 0 => match days / 365 {
            1 => "1 year".to_owned(),
            years => format!("{years} years"),
        },
        days => format!("{days} days"),
    }
}

/// The days that the drawing spans: all that ends, and room beside for what does not.
#[expect(clippy::cast_precision_loss, reason = "days of a century")]
fn span(rows: &[Retention]) -> f64 {
    let longest = rows
        .iter()
        .flat_map(|row| [row.cold, row.delete, row.at_least, row.at_most])
        .flatten()
        .filter(|days| *days > 0)
        .max()
        .unwrap_or(30);
    longest as f64 * FOR_EVER
}

#[expect(clippy::cast_precision_loss, reason = "days of a century")]
fn clamp(day: i64, days: f64) -> f64 {
    (day as f64).clamp(0.0, days)
}

#[expect(clippy::cast_precision_loss, reason = "days of a century")]
fn place(day: i64, days: f64) -> String {
    percent(day as f64, days)
}

fn percent(part: f64, days: f64) -> String {
    format!("{:.2}%", part * 100.0 / days.max(1.0))
}

/// Lines at round days, at most six.
fn ticks(days: f64) -> Vec<(i64, String)> {
    const STEPS: [i64; 11] = [1, 2, 7, 14, 30, 90, 180, 365, 1825, 3650, 7300];
    #[expect(clippy::cast_possible_truncation, reason = "days of a century")]
    let days = days as i64;
    let step = STEPS
        .into_iter()
        .find(|step| days / step <= 5)
        .unwrap_or(7300);
    (0..=days / step)
        .map(|n| {
            let day = n * step;
            let label = match day {
                0 => "made".to_owned(),
                day if day % 365 == 0 => format!("{} y", day / 365),
                day => format!("{day} d"),
            };
            (day, label)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(cold: Option<i64>, delete: Option<i64>) -> Retention {
        Retention {
            name: "daily".to_owned(),
            cold,
            delete,
            at_least: None,
            at_most: None,
        }
    }

    #[test]
    fn lifecycles_are_said_in_words() {
        assert_eq!(
            describe(&keep(None, Some(35))),
            "daily: deleted after 35 days"
        );
        assert_eq!(
            describe(&keep(Some(30), Some(730))),
            "daily: cold after 30 days, deleted after 2 years"
        );
        assert_eq!(describe(&keep(None, None)), "daily: kept forever");
        let locked = Retention {
            at_least: Some(7),
            at_most: Some(365),
            ..keep(None, Some(1))
        };
        assert_eq!(
            describe(&locked),
            "daily: deleted after 1 day (lock: 7 days to 1 year)"
        );
    }

    #[test]
    fn the_scale_is_round_and_has_few_lines() {
        let labels = |days: f64| -> Vec<String> {
            ticks(days).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(
            labels(39.2),
            ["made", "7 d", "14 d", "21 d", "28 d", "35 d"]
        );
        assert_eq!(labels(409.0), ["made", "90 d", "180 d", "270 d", "360 d"]);
        for days in [1.0, 12.0, 100.0, 1_000.0, 10_000.0, 40_880.0] {
            assert!(ticks(days).len() <= 6, "{days}");
        }
    }
}
