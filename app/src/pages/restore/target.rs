use std::collections::BTreeMap;

use leptos::prelude::*;
use tidemark_domain::{Invalid, RestorePrefill};

use super::frame::{stage_error, stage_form, stage_head};
use crate::{
    components::{AccountLabel, Field, load_or},
    server_fns::restore::prefill_restore,
    wizard::{Step, Wizard},
};

/// Into what: a name for a table, restore metadata for everything else.
pub(super) fn stage(wizard: &Wizard, problem: Option<Invalid>) -> impl IntoView + use<> {
    let query = wizard.query().as_str().to_owned();
    let prefill = Resource::new_blocking(move || query.clone(), prefill_restore);
    let stored = StoredValue::new((wizard.clone(), problem));
    view! {
        {stage_head(Step::Where, "As it is filled in here, the data comes back beside the original, in something new.")}
        {load_or(prefill, move |prefill| {
            let (wizard, problem) = stored.get_value();
            let rule = problem.map(|problem| problem.rule).unwrap_or_default();
            let place = place(&prefill).into_any();
            let inside = if wizard.is_table() {
                table(&wizard, &prefill, rule).into_any()
            } else {
                metadata(&wizard, prefill).into_any()
            };
            let inside = view! { {inside} {place} }.into_any();
            stage_form(&wizard, Step::Where, inside).into_any()
        }, move |error| stored.with_value(|(wizard, _)| stage_error(error, wizard, Step::Where)))}
    }
}

/// Where it happens: in the account and Region of the recovery point, which may be another one than the
/// resource's.
fn place(prefill: &RestorePrefill) -> impl IntoView + use<> {
    let (alias, account) = (prefill.alias.clone(), prefill.account.to_string());
    view! {
        <dl class="facts">
            <dt>"Account"</dt><dd><AccountLabel alias id=account/></dd>
            <dt>"Region"</dt><dd>{prefill.region.to_string()}</dd>
        </dl>
    }
}

fn table(wizard: &Wizard, prefill: &RestorePrefill, rule: String) -> impl IntoView + use<> {
    let name = if wizard.table.is_empty() {
        prefill.suggested_table.clone().unwrap_or_default()
    } else {
        wizard.table.clone()
    };
    view! {
        <Field label="Name of the new table" name="table" value=name error=rule required=true
            hint="3 to 255 letters, digits and _ . - and free in this account and Region."/>
    }
}

/// Every type can be restored: what AWS proposes, to be edited as text.
fn metadata(wizard: &Wizard, prefill: RestorePrefill) -> impl IntoView + use<> {
    let kind = prefill.resource_type.to_string();
    let known = if prefill.is_known {
        format!(
            "This is the restore metadata of this recovery point ({kind}), filled in so that something new is made. "
        )
    } else {
        format!(
            "This is the restore metadata that AWS Backup proposes for this recovery point ({kind}). The console does not know this type's metadata: it cannot tell whether the restore changes something that exists. "
        )
    };
    let fields = merged(wizard, prefill.metadata)
        .into_iter()
        .map(|(key, value)| {
            let name = format!("meta.{key}");
            let id = format!("field-{name}");
            view! {
                <div class="field">
                    <label for=id.clone()><code>{key}</code></label>
                    <input id=id name=name value=value autocomplete="off"/>
                </div>
            }
        })
        .collect_view();
    view! {
        <p>{known} "Change what should differ; empty values are left out."</p>
        <input type="hidden" name="edited" value="1"/>
        <div class="metadata">{fields}</div>
        <fieldset class="field-row">
            <legend>"One more entry"</legend>
            <Field label="Key" name="key"/>
            <Field label="Value" name="value"/>
        </fieldset>
    }
}

/// What was edited stands above what is proposed; a key that was emptied stays, empty, to be seen.
fn merged(wizard: &Wizard, proposed: BTreeMap<String, String>) -> BTreeMap<String, String> {
    match &wizard.metadata {
        None => proposed,
        Some(edited) => {
            let mut merged: BTreeMap<_, _> = proposed
                .into_keys()
                .map(|key| (key, String::new()))
                .collect();
            merged.extend(edited.clone());
            merged
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_entry_is_not_filled_in_again() {
        let proposed = BTreeMap::from([
            ("encrypted".to_owned(), "true".to_owned()),
            ("volumeType".to_owned(), "gp2".to_owned()),
        ]);
        let wizard = Wizard::parse("edited=1&meta.volumeType=gp3&meta.extra=1");
        let expected = BTreeMap::from([
            ("encrypted".to_owned(), String::new()),
            ("extra".to_owned(), "1".to_owned()),
            ("volumeType".to_owned(), "gp3".to_owned()),
        ]);
        assert_eq!(merged(&wizard, proposed.clone()), expected);
        assert_eq!(merged(&Wizard::default(), proposed.clone()), proposed);
    }
}
