use leptos::prelude::*;

use super::{
    copies::copies,
    live::{Live, window},
    notes::warnings,
    rows::tag_rows,
    schedule::schedule,
};
use crate::{
    components::{Choice, Field, LifecycleScale, Select, WindowBar, minutes},
    plan_form::{LifecycleForm, RuleForm},
};

/// A rule of the plan, for editing.
pub(super) fn rule(live: Live, index: usize, form: &RuleForm) -> impl IntoView + use<> {
    let path = format!("Rules[{index}]");
    let name = format!("rule.{index}");
    let title = format!("rule-{index}-title");
    let typed = Signal::derive(move || {
        live.form
            .with(|form| form.rules.get(index).map(|rule| rule.name.clone()))
            .unwrap_or_default()
    });
    let only = live.shape.with_untracked(|shape| shape.rules.len() == 1);
    let remove = (!only).then(|| {
        view! {
            <button class="button button-small" name="op" value=format!("{name}.remove") formnovalidate=true>
                "Remove" <span class="visually-hidden">{format!(" rule {}", index + 1)}</span>
            </button>
        }
    });
    view! {
        <section class="panel plan-part" aria-labelledby=title.clone()>
            <div class="section-head">
                <h3 id=title.clone()>{format!("Rule {}: ", index + 1)}{typed}</h3>
                <span class="buttons">
                    <button class="button button-small" name="op" value=format!("{name}.duplicate") formnovalidate=true>
                        "Duplicate" <span class="visually-hidden">{format!(" rule {}", index + 1)}</span>
                    </button>
                    {remove}
                </span>
            </div>
            <input type="hidden" name=format!("{name}.other") value=form.other.clone()/>
            <div class="field-row">
                <Field label="Name" name=format!("{name}.name") value=form.name.clone()
                    error=live.error(format!("{path}.RuleName"))/>
                {vault(live, &name, &path, form)}
            </div>
            {warnings(live, format!("{path}.TargetBackupVaultName"))}
            {schedule(live, index, form)}
            {windows(live, index, &name, &path, form)}
            {retention(live, index, &name, &path, form)}
            {copies(live, index, form)}
            <fieldset>
                <legend>"Tags on the points"</legend>
                {tag_rows(live, &name, &format!("{path}.RecoveryPointTags"), &form.tags)}
            </fieldset>
        </section>
    }
}

fn vault(live: Live, name: &str, path: &str, form: &RuleForm) -> impl IntoView + use<> {
    let home = live.around.with_value(|around| around.known.home.clone());
    let mut choices: Vec<Choice> = live
        .vaults()
        .into_iter()
        .filter(|vault| {
            home.as_ref().is_some_and(|(account, region)| {
                vault.account == *account && vault.region == *region
            })
        })
        .map(|vault| {
            let note = super::notes::vault_note(&vault);
            Choice::new(vault.name.clone(), format!("{}{note}", vault.name))
        })
        .collect();
    if !choices.iter().any(|choice| choice.value == form.vault) {
        let label = if form.vault.is_empty() {
            "choose a vault".to_owned()
        } else {
            format!("{} (not known here)", form.vault)
        };
        choices.insert(0, Choice::new(form.vault.clone(), label));
    }
    view! {
        <Select label="Vault" name=format!("{name}.vault") choices value=form.vault.clone()
            error=live.error(format!("{path}.TargetBackupVaultName"))/>
    }
}

fn windows(
    live: Live,
    index: usize,
    name: &str,
    path: &str,
    form: &RuleForm,
) -> impl IntoView + use<> {
    let bars = Signal::derive(move || {
        live.rule(index)
            .as_ref()
            .map(window)
            .into_iter()
            .collect::<Vec<_>>()
    });
    let zone = Signal::derive(move || {
        live.rule(index)
            .and_then(|rule| rule.schedule_expression_timezone)
            .unwrap_or_else(|| "UTC".to_owned())
    });
    let lengths = move || {
        live.rule(index).map(|rule| {
            format!(
                "A job that has not started within {} is given up as expired; one that has not ended within {} is cancelled.",
                minutes(rule.start_window()),
                minutes(rule.completion_window())
            )
        })
    };
    view! {
        <fieldset>
            <legend>"Windows"</legend>
            <div class="field-row">
                <Field label="Start within (minutes)" name=format!("{name}.start") kind="number" value=form.start.clone()
                    placeholder="480" error=live.error(format!("{path}.StartWindowMinutes"))/>
                <Field label="Complete within (minutes)" name=format!("{name}.end") kind="number" value=form.end.clone()
                    placeholder="10080" error=live.error(format!("{path}.CompletionWindowMinutes"))/>
            </div>
            <p class="field-hint">{lengths}</p>
            {warnings(live, format!("{path}.StartWindowMinutes"))}
            <WindowBar windows=bars zone/>
        </fieldset>
    }
}

fn retention(
    live: Live,
    index: usize,
    name: &str,
    path: &str,
    form: &RuleForm,
) -> impl IntoView + use<> {
    let rows = Signal::derive(move || live.retentions(index));
    let continuous = format!("field-{name}.continuous");
    let was_off = (form.continuous == "false").then(|| {
        view! { <input type="hidden" name=format!("{name}.continuous_off") value="1"/> }
    });
    view! {
        <fieldset>
            <legend>"Retention"</legend>
            {lifecycle(live, name, path, &form.lifecycle)}
            {was_off}
            <div class="check-box">
                <input type="checkbox" id=continuous.clone() name=format!("{name}.continuous") value="true"
                    checked=form.continuous == "true"/>
                <label for=continuous>"Continuous backup, where the type supports it: any second of up to 35 days"</label>
            </div>
            {warnings(live, format!("{path}.EnableContinuousBackup"))}
            <LifecycleScale rows/>
        </fieldset>
    }
}

/// The fields of a lifecycle: of a rule, or of a copy.
pub(super) fn lifecycle(
    live: Live,
    name: &str,
    path: &str,
    form: &LifecycleForm,
) -> impl IntoView + use<> {
    let archive = format!("field-{name}.archive");
    let was_off = (form.archive == "false").then(|| {
        view! { <input type="hidden" name=format!("{name}.archive_off") value="1"/> }
    });
    let event = (!form.event.is_empty()).then(|| {
        view! {
            <p class="field-hint">{format!("Also deleted by an event: {}.", form.event)}</p>
            <input type="hidden" name=format!("{name}.event") value=form.event.clone()/>
        }
    });
    view! {
        <input type="hidden" name=format!("{name}.lifecycle_other") value=form.other.clone()/>
        <div class="field-row">
            <Field label="Days until deletion" name=format!("{name}.delete") kind="number" value=form.delete.clone()
                hint="Leave empty to keep points forever."
                error=live.error(format!("{path}.Lifecycle.DeleteAfterDays"))/>
            <Field label="Days until cold storage" name=format!("{name}.cold") kind="number" value=form.cold.clone()
                hint="Leave empty to keep points warm. Deletion must come 90 days later or more."
                error=live.error(format!("{path}.Lifecycle.MoveToColdStorageAfterDays"))/>
        </div>
        {warnings(live, format!("{path}.Lifecycle.DeleteAfterDays"))}
        {warnings(live, format!("{path}.Lifecycle.MoveToColdStorageAfterDays"))}
        {event}
        {was_off}
        <div class="check-box">
            <input type="checkbox" id=archive.clone() name=format!("{name}.archive") value="true"
                checked=form.archive == "true"/>
            <label for=archive>"Also move EBS snapshots to the archive tier"</label>
        </div>
        {warnings(live, format!("{path}.Lifecycle.OptInToArchiveForSupportedResources"))}
    }
}
