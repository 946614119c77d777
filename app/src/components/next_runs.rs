use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::*;

use super::{Moment, Style};
use crate::format::day_and_time;

/// The next runs of a schedule: in the reader's zone, in UTC, and in the schedule's own zone where
/// that is another one.
#[component]
pub(crate) fn NextRuns(
    /// When it runs.
    #[prop(into)]
    runs: Signal<Vec<Timestamp>>,
    /// The schedule's zone; none for UTC.
    #[prop(into)]
    zone: Signal<Option<TimeZone>>,
    /// What runs, for assistive technology.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let caption = label.clone();
    let own = move || {
        let zone = zone.get()?;
        let name = zone.iana_name().unwrap_or("its zone").to_owned();
        Some(view! { <th scope="col">{name}</th> })
    };
    let rows = move || {
        let zone = zone.get();
        let runs = runs.get();
        if runs.is_empty() {
            let columns = if zone.is_some() { "3" } else { "2" };
            return view! { <tr><td colspan=columns>"It never runs again."</td></tr> }.into_any();
        }
        runs.into_iter()
            .map(|at| {
                let own = zone
                    .as_ref()
                    .map(|zone| view! { <td class="nowrap">{day_and_time(at, zone)}</td> });
                view! {
                    <tr>
                        <td><Moment at style=Style::Both/></td>
                        <td class="nowrap">{day_and_time(at, &TimeZone::UTC)}</td>
                        {own}
                    </tr>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="table-frame next-runs" role="group" aria-label=label tabindex="0">
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr><th scope="col">"Your time"</th><th scope="col">"UTC"</th>{own}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
