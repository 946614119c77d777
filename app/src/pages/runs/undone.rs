//! What came of an undo of records.

use leptos::prelude::*;
use serde_json::Value;
use tidemark_domain::runs::RunView;

use crate::{
    components::{Notice, Tone},
    format::counted,
    server_fns::records::UndoQuery,
};

/// Whether runs of this kind undo records.
pub(super) fn is_undo(kind: &str) -> bool {
    kind == "records_undo"
}

/// How many records are as they were, and how many were left alone. Keys of records stand on the plan's own page, which
/// asks for the right to see what records held.
pub(super) fn undone(view: &RunView) -> Option<AnyView> {
    let (plan, result) = (view.summary.get("plan")?, view.summary.get("result")?);
    let number = |value: &Value, name: &str| value.get(name).and_then(Value::as_u64).unwrap_or(0);
    let done: u64 = ["created", "overwritten", "deleted", "already"]
        .into_iter()
        .map(|name| number(result, name))
        .sum();
    let left = number(plan, "conflicts") + number(result, "left");
    let conflicts = (left > 0).then(|| {
        let title = format!(
            "{} left alone: changed since",
            counted(left, "record", "records")
        );
        let why = "Each was written again after the plan was made; its newer content was kept.";
        view! { <Notice tone=Tone::Warn title=title><p>{why}</p></Notice> }
    });
    let text = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
    let href = UndoQuery::of(text("capture"), text("id")).href();
    let title = format!("{} as they were", counted(done, "record is", "records are"));
    Some(
        view! {
            <Notice tone=Tone::Good title=title><p><a href=href>"See what became of each"</a></p></Notice>
            {conflicts}
        }
        .into_any(),
    )
}
