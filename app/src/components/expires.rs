use jiff::Timestamp;
use leptos::prelude::*;

use super::{Moment, moment::Style};
use crate::clock::page_clock;

/// What a lifecycle does with a recovery point, in a cell of a table.
#[component]
pub(crate) fn Expires(
    /// When it moves to cold storage.
    cold_at: Option<Timestamp>,
    /// When it is deleted; none keeps it forever.
    delete_at: Option<Timestamp>,
    /// A legal hold keeps it, whatever its lifecycle says.
    held: bool,
) -> impl IntoView {
    let now = page_clock().now_once();
    let cold = cold_at.map(|at| {
        let word = if at <= now {
            "cold since "
        } else {
            "cold from "
        };
        view! { <p class="cell-line">{word} <Moment at style=Style::Day/></p> }
    });
    let gone = match delete_at {
        None => view! { <p class="cell-line">"never"</p> }.into_any(),
        Some(at) if at > now => {
            view! { <p class="cell-line"><Moment at style=Style::Day/></p> }.into_any()
        }
        Some(at) => {
            let but = if held {
                "kept by a legal hold"
            } else {
                "not deleted yet"
            };
            view! {
                <p class="cell-line">"expired " <Moment at style=Style::Day/></p>
                <p class="cell-note">{but}</p>
            }
            .into_any()
        }
    };
    view! { {cold} {gone} }
}
