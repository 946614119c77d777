use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::PitrWindow;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    alive::Life,
    clock::{local, page_clock},
    format::{date_and_time, parse_date_and_time, utc},
};

/// Date and time of day.
const FIELDS: [&str; 2] = ["field-date", "field-time"];

/// A slider over the window, second by second, that moves the date and time fields of a hydrated
/// page. The fields alone say what is sent.
#[component]
pub(super) fn Slider(
    /// The seconds to choose from.
    window: PitrWindow,
    /// What the fields begin with.
    chosen: Option<Timestamp>,
) -> impl IntoView {
    let clock = page_clock();
    let (first, last) = (window.earliest.as_second(), window.latest.as_second());
    let at = RwSignal::new(chosen.map_or(last, Timestamp::as_second));
    // A browser may have kept what was entered before. On a page that is made here, the fields come later.
    Effect::new(move |_| follow_fields(at));
    Life::here().listen(leptos::ev::input, move |event| {
        let touched = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if touched.is_some_and(|touched| FIELDS.contains(&touched.id().as_str())) {
            follow_fields(at);
        }
    });
    let moved = move |event| {
        if let Ok(second) = event_target_value(&event).parse() {
            at.set(second);
            move_fields(second);
        }
    };
    let step_by = move |by: i64| {
        move |_| {
            let moved = at.try_update(|second| {
                *second = (*second + by).clamp(first, last);
                *second
            });
            if let Some(second) = moved {
                move_fields(second);
            }
        }
    };
    let shown = move || {
        Timestamp::from_second(at.get())
            .map(|at| match (local(at), utc(at)) {
                (local, utc) if local == utc => utc,
                (local, utc) => format!("{local} · {utc}"),
            })
            .unwrap_or_default()
    };
    let button = move |by: i64, text: &'static str| {
        view! { <button type="button" class="button button-small" on:click=step_by(by)>{text}</button> }
    };
    move || {
        clock.hydrated().then(|| {
            view! {
                <div class="slider">
                    <label for="second">"Move through the window"</label>
                    <input
                        id="second"
                        type="range"
                        min=first.to_string()
                        max=last.to_string()
                        step="1"
                        prop:value=move || at.get().to_string()
                        aria-valuetext=shown
                        on:input=moved
                    />
                    <div class="buttons">
                        {button(-86_400, "−1 day")} {button(-3_600, "−1 h")} {button(-60, "−1 min")}
                        {button(-1, "−1 s")} {button(1, "+1 s")} {button(60, "+1 min")}
                        {button(3_600, "+1 h")} {button(86_400, "+1 day")}
                    </div>
                    <p class="slider-readout">"Restorable to " <strong>{shown}</strong></p>
                </div>
            }
        })
    }
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Takes over what the fields say.
fn follow_fields(at: RwSignal<i64>) {
    let [date, time] = FIELDS.map(input);
    if let (Some(date), Some(time)) = (date, time)
        && let Some(moment) = parse_date_and_time(&date.value(), &time.value())
    {
        at.set(moment.as_second());
    }
}

/// Writes the second into the fields.
fn move_fields(second: i64) {
    let Ok(at) = Timestamp::from_second(second) else {
        return;
    };
    let (date, time) = date_and_time(at);
    for (id, value) in FIELDS.into_iter().zip([date, time]) {
        if let Some(field) = input(id) {
            field.set_value(&value);
        }
    }
}
