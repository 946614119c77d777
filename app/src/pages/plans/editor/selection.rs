use leptos::prelude::*;

use super::{
    live::Live,
    notes::warnings,
    rows::{condition_rows, tag_rows},
};
use crate::{
    components::{Field, TextArea},
    plan_form::SelectionForm,
};

/// A selection of the plan, for editing.
pub(super) fn selection(live: Live, index: usize, form: &SelectionForm) -> impl IntoView + use<> {
    let name = format!("selection.{index}");
    let path = format!("Selections[{index}]");
    let title = format!("selection-{index}-title");
    let typed = Signal::derive(move || {
        live.form
            .with(|form| form.selections.get(index).map(|one| one.name.clone()))
            .unwrap_or_default()
    });
    view! {
        <section class="panel plan-part" aria-labelledby=title.clone()>
            <div class="section-head">
                <h3 id=title.clone()>{format!("Selection {}: ", index + 1)}{typed}</h3>
                <button class="button button-small" name="op" value=format!("{name}.remove") formnovalidate=true>
                    "Remove" <span class="visually-hidden">{format!(" selection {}", index + 1)}</span>
                </button>
            </div>
            <input type="hidden" name=format!("{name}.id") value=form.id.clone()/>
            <input type="hidden" name=format!("{name}.other") value=form.other.clone()/>
            <div class="field-row">
                <Field label="Name" name=format!("{name}.name") value=form.name.clone()
                    error=live.error(format!("{path}.SelectionName"))/>
                <Field label="Role that AWS Backup assumes" name=format!("{name}.role") value=form.role.clone()
                    list="roles" error=live.error(format!("{path}.IamRoleArn"))/>
            </div>
            {warnings(live, format!("{path}.IamRoleArn"))}
            <div class="field-row">
                <TextArea label="Resources" name=format!("{name}.resources") value=form.resources.clone() rows=3
                    hint="ARNs, one a line; a * at the end takes all that begin so."
                    error=live.error(format!("{path}.Resources"))/>
                <TextArea label="Except" name=format!("{name}.except") value=form.except.clone() rows=3
                    hint="ARNs that are left out, one a line."
                    error=live.error(format!("{path}.NotResources"))/>
            </div>
            <fieldset>
                <legend>"And those with any of these tags"</legend>
                {tag_rows(live, &name, &format!("{path}.ListOfTags"), &form.tags)}
            </fieldset>
            <fieldset>
                <legend>"Of all these, only where every condition holds"</legend>
                {condition_rows(live, &name, &format!("{path}.Conditions"), &form.conditions)}
            </fieldset>
        </section>
    }
}
