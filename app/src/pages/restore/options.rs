use leptos::prelude::*;
use tidemark_domain::{Invalid, PutBack, RestorePrefill};

use super::frame::{stage_error, stage_form, stage_head};
use crate::{
    components::{Field, TextArea, load_or},
    server_fns::restore::prefill_restore,
    wizard::{Step, Wizard},
};

/// With what: settings to put back, the role, the reason.
pub(super) fn stage(wizard: &Wizard, problem: Option<Invalid>) -> impl IntoView + use<> {
    let query = wizard.query().as_str().to_owned();
    let prefill = Resource::new_blocking(move || query.clone(), prefill_restore);
    let stored = StoredValue::new((wizard.clone(), problem));
    view! {
        {stage_head(Step::Options, "What comes back with the data, and why it is done.")}
        {load_or(prefill, move |prefill| {
            let (wizard, problem) = stored.get_value();
            let inside = fields(&wizard, prefill, problem.as_ref()).into_any();
            stage_form(&wizard, Step::Options, inside).into_any()
        }, move |error| stored.with_value(|(wizard, _)| stage_error(error, wizard, Step::Options)))}
    }
}

fn fields(
    wizard: &Wizard,
    prefill: RestorePrefill,
    problem: Option<&Invalid>,
) -> impl IntoView + use<> {
    let rule = |field: &str| {
        problem
            .filter(|problem| problem.field == field)
            .map(|problem| problem.rule.clone())
            .unwrap_or_default()
    };
    let settings = wizard.is_table().then(|| {
        view! {
            {put_back(wizard, prefill.put_back)}
            <TextArea label="Other tags" name="tags" value=wizard.tags.clone() error=rule("tags")
                hint="key=value, one a line: put back instead of the source's. Leave it empty for those of the source."/>
        }
    });
    let service_role = prefill.service_role.map(|default| {
        view! {
            <Field label="Service role" name="role" value=wizard.role.clone() error=rule("service role")
                hint=format!("The role that AWS Backup assumes for the restore. Empty takes {default}.")/>
        }
    });
    view! {
        <input type="hidden" name="chosen" value="1"/>
        {settings}
        {service_role}
        <TextArea label="Reason" name="reason" value=wizard.reason.clone() error=rule("reason")
            hint="For the audit log, in your words."/>
    }
}

fn put_back(wizard: &Wizard, available: Vec<(PutBack, String)>) -> impl IntoView + use<> {
    if available.is_empty() {
        return view! {
            <p>"The table has no settings that a restore would lose, or it is gone and its settings with it."</p>
        }
        .into_any();
    }
    let chosen = wizard.put_back.clone();
    let boxes = available
        .into_iter()
        .map(|(what, now)| {
            let checked = chosen.as_ref().is_none_or(|chosen| chosen.contains(&what));
            let id = format!("put-{}", what.as_str());
            view! {
                <div class="check-box">
                    <input type="checkbox" id=id.clone() name="put" value=what.as_str() checked=checked/>
                    <label for=id>{what.label()} <span class="muted">{now}</span></label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>"Put back on the new table"</legend>
            <p class="field-hint">"DynamoDB restores a table without these. They are read from the table as it is now."</p>
            {boxes}
        </fieldset>
    }
    .into_any()
}
