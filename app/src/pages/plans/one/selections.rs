use leptos::prelude::*;
use tidemark_domain::{
    plan::PlanRecord,
    selection::{BackupSelection, ConditionParameter},
};

use crate::components::{Copyable, Notice, Tone};

/// The selections of a plan in words.
pub(super) fn selections(record: &PlanRecord) -> impl IntoView + use<> {
    let each = record
        .selections
        .iter()
        .enumerate()
        .map(|(index, one)| selection(index, &one.selection))
        .collect_view();
    let none = record.selections.is_empty().then(|| {
        view! {
            <Notice tone=Tone::Warn title="It takes nothing">
                <p>"The plan has no selection: its rules run, and back up nothing."</p>
            </Notice>
        }
    });
    view! {
        <section aria-labelledby="selections-title">
            <h2 id="selections-title">"Selections"</h2>
            {none}
            {each}
        </section>
    }
}

fn selection(index: usize, selection: &BackupSelection) -> impl IntoView + use<> {
    let title = format!("selection-{index}");
    let names = list("Resources", &selection.resources);
    let except = list("Except", &selection.not_resources);
    let tags: Vec<String> = selection
        .list_of_tags
        .iter()
        .map(|tag| format!("{}={}", tag.condition_key, tag.condition_value))
        .collect();
    let conditions = conditions(selection);
    let everything = (selection.resources.is_empty() && tags.is_empty())
        .then(|| view! { <dt>"Takes"</dt><dd>"everything that is opted in"</dd> });
    view! {
        <section class="panel plan-part" aria-labelledby=title.clone()>
            <h3 id=title.clone()>{selection.selection_name.clone()}</h3>
            <dl class="facts">
                <dt>"Role"</dt><dd><Copyable text=selection.iam_role_arn.clone() label="role ARN"/></dd>
                {everything}
                {names}
                {list("With any tag of", &tags)}
                {list("Only where", &conditions)}
                {except}
            </dl>
        </section>
    }
}

fn list(title: &'static str, entries: &[String]) -> Option<impl IntoView + use<>> {
    if entries.is_empty() {
        return None;
    }
    let more = entries.len().saturating_sub(20);
    let shown = entries
        .iter()
        .take(20)
        .map(|entry| view! { <li><code>{entry.clone()}</code></li> })
        .collect_view();
    let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
    Some(view! { <dt>{title}</dt><dd><ul>{shown}{more}</ul></dd> })
}

fn conditions(selection: &BackupSelection) -> Vec<String> {
    let all: [(&str, &[ConditionParameter]); 4] = [
        ("is", &selection.conditions.string_equals),
        ("is not", &selection.conditions.string_not_equals),
        ("matches", &selection.conditions.string_like),
        ("does not match", &selection.conditions.string_not_like),
    ];
    all.into_iter()
        .flat_map(|(kind, list)| {
            list.iter().map(move |one| {
                let key = one.condition_key.trim_start_matches("aws:ResourceTag/");
                format!("{key} {kind} {}", one.condition_value)
            })
        })
        .collect()
}
