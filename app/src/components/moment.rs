use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    clock::{local, page_clock},
    format::{machine, relative, utc},
};

/// How a moment is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// `5 min ago`.
    #[default]
    Relative,
    /// `2026-11-21 04:18:43 UTC+1`.
    Exact,
    /// Both.
    Both,
    /// The day, and how far it is: `2026-12-26, in 35 days`.
    Day,
}

/// A moment: UTC as rendered, the browser's zone once hydrated, UTC always on hover.
#[component]
pub(crate) fn Moment(
    /// The moment.
    at: Timestamp,
    /// How it is written.
    #[prop(optional)]
    style: Style,
) -> impl IntoView {
    let clock = page_clock();
    let exact = move || if clock.hydrated() { local(at) } else { utc(at) };
    let distance = move || relative(at, clock.now());
    let text = match style {
        Style::Relative => distance.into_any(),
        Style::Exact => exact.into_any(),
        Style::Both => view! {
            <span class="moment-exact">{exact}</span> " " <span class="moment-distance">{distance}</span>
        }
        .into_any(),
        Style::Day => {
            let day = move || exact().chars().take(10).collect::<String>();
            view! {
                <span class="moment-exact">{day}</span> ", "
                <span class="moment-distance">{distance}</span>
            }
            .into_any()
        }
    };
    view! { <time class="moment" datetime=machine(at) title=utc(at)>{text}</time> }
}
