use leptos::prelude::*;

use super::{
    live::Live,
    notes::{vault_note, warnings},
    rule::lifecycle,
};
use crate::{
    components::{Choice, Field, Select},
    plan_form::{CopyForm, RuleForm},
};

/// The copies of a rule's points.
pub(super) fn copies(live: Live, index: usize, form: &RuleForm) -> impl IntoView + use<> {
    let name = format!("rule.{index}");
    let rows = form
        .copies
        .iter()
        .enumerate()
        .map(|(at, one)| copy(live, index, at, one))
        .collect_view();
    let error = live.error(format!("Rules[{index}].CopyActions"));
    let too_many = move || {
        let error = error.get();
        (!error.is_empty()).then(|| view! { <p class="field-error">{error}</p> })
    };
    view! {
        <fieldset>
            <legend>"Copies"</legend>
            {too_many}
            {rows}
            <button class="button button-small" name="op" value=format!("{name}.copy.add") formnovalidate=true>
                "Add a copy" <span class="visually-hidden">{format!(" to rule {}", index + 1)}</span>
            </button>
        </fieldset>
    }
}

fn copy(live: Live, index: usize, at: usize, form: &CopyForm) -> impl IntoView + use<> {
    let name = format!("rule.{index}.copy.{at}");
    let path = format!("Rules[{index}].CopyActions[{at}]");
    let destination = format!("{path}.DestinationBackupVaultArn");
    view! {
        <div class="plan-copy" role="group" aria-label=format!("Copy {}", at + 1)>
            <input type="hidden" name=format!("{name}.other") value=form.other.clone()/>
            <div class="field-row">
                <Select label="Copy into" name=format!("{name}.vault") choices=vaults(live, &form.vault)
                    value=form.vault.clone() error=live.error(destination.clone())/>
                <Field label="Or the ARN of another vault" name=format!("{name}.vault_typed")/>
            </div>
            {warnings(live, destination)}
            {lifecycle(live, &name, &path, &form.lifecycle)}
            <button class="button button-small" name="op" value=format!("{name}.remove") formnovalidate=true>
                "Remove this copy" <span class="visually-hidden">{format!(" of rule {}", index + 1)}</span>
            </button>
        </div>
    }
}

/// Every vault that is known, by account.
fn vaults(live: Live, chosen: &str) -> Vec<Choice> {
    let aliases = live.around.with_value(|around| around.aliases.clone());
    let mut choices: Vec<Choice> = live
        .vaults()
        .into_iter()
        .map(|vault| {
            let alias = aliases.get(&vault.account).cloned().unwrap_or_default();
            let note = vault_note(&vault);
            Choice::new(
                vault.arn.as_str(),
                format!(
                    "{} · {alias} {} · {}{note}",
                    vault.name, vault.account, vault.region
                ),
            )
        })
        .collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    if !choices.iter().any(|choice| choice.value == chosen) {
        let label = if chosen.is_empty() {
            "choose a vault".to_owned()
        } else {
            format!("{chosen} (not known here)")
        };
        choices.insert(0, Choice::new(chosen, label));
    }
    choices
}
