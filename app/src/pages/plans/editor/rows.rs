use leptos::prelude::*;

use super::live::Live;
use crate::components::{Choice, Field, Select};
use crate::plan_form::ConditionForm;

/// Tags: rows of key and value, each of which can be removed.
pub(super) fn tag_rows(
    live: Live,
    name: &str,
    path: &str,
    tags: &[(String, String)],
) -> impl IntoView + use<> {
    let rows = tags
        .iter()
        .enumerate()
        .map(|(at, (key, value))| {
            let name = format!("{name}.tag.{at}");
            view! {
                <div class="plan-row">
                    <Field label="Key" name=format!("{name}.key") value=key.clone()
                        error=live.error(format!("{path}[{at}]"))/>
                    <Field label="Value" name=format!("{name}.value") value=value.clone()/>
                    {remove(&name, at)}
                </div>
            }
        })
        .collect_view();
    view! {
        {rows}
        <button class="button button-small" name="op" value=format!("{name}.tag.add") formnovalidate=true>"Add a tag"</button>
    }
}

/// Conditions on tags: rows of key, kind and value.
pub(super) fn condition_rows(
    live: Live,
    name: &str,
    path: &str,
    conditions: &[ConditionForm],
) -> impl IntoView + use<> {
    let rows = conditions
        .iter()
        .enumerate()
        .map(|(at, condition)| {
            let name = format!("{name}.condition.{at}");
            let kinds = ConditionForm::KINDS
                .map(|(value, label)| Choice::new(value, label))
                .to_vec();
            view! {
                <div class="plan-row">
                    <Field label="Tag" name=format!("{name}.key") value=condition.key.clone()
                        error=live.error(format!("{path}[{at}]"))/>
                    <Select label="How" name=format!("{name}.kind") choices=kinds value=condition.kind.clone()/>
                    <Field label="Value" name=format!("{name}.value") value=condition.value.clone()/>
                    {remove(&name, at)}
                </div>
            }
        })
        .collect_view();
    view! {
        {rows}
        <button class="button button-small" name="op" value=format!("{name}.condition.add") formnovalidate=true>
            "Add a condition"
        </button>
    }
}

fn remove(name: &str, at: usize) -> impl IntoView + use<> {
    view! {
        <button class="button button-small" name="op" value=format!("{name}.remove") formnovalidate=true>
            "Remove" <span class="visually-hidden">{format!(" row {}", at + 1)}</span>
        </button>
    }
}
