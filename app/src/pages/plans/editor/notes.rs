use leptos::prelude::*;
use tidemark_domain::plan::{Finding, KnownVault};

use super::live::Live;

/// What is worth knowing of a field, below it.
pub(super) fn warnings(live: Live, path: String) -> impl IntoView {
    let found = live.warnings(path);
    move || {
        found
            .get()
            .into_iter()
            .map(|Finding { rule, fix, .. }| {
                let mut chars = rule.chars();
                let first: String = chars
                    .next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .collect();
                let text = format!("{first}{}. {fix}", chars.as_str());
                view! { <p class="field-warning">{text}</p> }
            })
            .collect_view()
    }
}

/// What is wrong or special about a vault, in a few words behind its name.
pub(super) fn vault_note(vault: &KnownVault) -> String {
    let mut notes = Vec::new();
    if let Some(limits) = &vault.limits {
        notes.push(match (limits.min_days, limits.max_days) {
            (Some(min), Some(max)) => format!("locked: {min} to {max} days"),
            (Some(min), None) => format!("locked: at least {min} days"),
            (None, Some(max)) => format!("locked: at most {max} days"),
            (None, None) => "locked".to_owned(),
        });
    }
    for (is, note) in [
        (vault.air_gapped == Some(true), "air-gapped: copies only"),
        (
            vault.aws_managed_key == Some(true),
            "AWS's own key: no copies across accounts",
        ),
        (
            vault.allows_copies == Some(false),
            "its policy lets nobody copy into it",
        ),
    ] {
        if is {
            notes.push(note.to_owned());
        }
    }
    if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join("; "))
    }
}
