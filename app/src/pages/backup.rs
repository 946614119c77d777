use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::Vault;

use super::{resources::resource_href, search};
use crate::{
    components::{
        AccountLabel, Choice, Crumb, Empty, Field, FormError, PageHead, PostForm, Select, TextArea,
        load_page,
    },
    outcome::{entered, failure},
    query::pairs,
    server_fns::backup::{BackupChoices, StartBackup, prefill_backup},
};

/// Backs up one resource now.
#[component]
pub(crate) fn BackupPage() -> impl IntoView {
    let search = search();
    let choices = Resource::new_blocking(
        move || {
            pairs(&search.get())
                .into_iter()
                .find(|(name, _)| name == "arn")
                .map(|(_, arn)| arn)
                .unwrap_or_default()
        },
        prefill_backup,
    );
    load_page(choices, |choices| show(choices).into_any())
}

fn show(choices: BackupChoices) -> impl IntoView {
    let resource = choices.detail.resource;
    let crumbs = vec![
        Crumb::new("Resources", "/resources"),
        Crumb::new(resource.name.clone(), resource_href(&resource.arn)),
    ];
    let back = resource_href(&resource.arn);
    let body = if choices.vaults.is_empty() {
        view! {
            <Empty title="There is no vault in this account and Region">
                <p>"A backup needs a vault. Create one there, then read the account again."</p>
            </Empty>
        }
        .into_any()
    } else {
        form(
            resource.arn.to_string(),
            choices.vaults,
            choices.service_role,
            back,
        )
        .into_any()
    };
    view! {
        <PageHead title=format!("Back up {}", resource.name) crumbs=crumbs/>
        <div class="narrow">
            <p>
                {resource.resource_type.to_string()} " in "
                <AccountLabel alias=choices.detail.alias id=resource.account.as_str()/>
                ", " {resource.region.to_string()} ". A recovery point will be created; the resource itself is only read."
            </p>
            {body}
        </div>
    }
}

fn form(arn: String, vaults: Vec<Vault>, service_role: String, back: String) -> impl IntoView {
    let rule = |field: &str| {
        failure(StartBackup::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let value = |field: &str| entered(StartBackup::PATH, field);
    let choices = vaults.iter().map(choice).collect();
    let delete = if failure(StartBackup::PATH).is_some() {
        value("delete_after")
    } else {
        "35".to_owned()
    };
    view! {
        <FormError action=StartBackup::PATH/>
        <PostForm action=StartBackup::PATH class="form">
            <input type="hidden" name="arn" value=arn/>
            <Select label="Vault" name="vault" choices=choices value=value("vault") error=rule("vault")/>
            <Field label="Days until deletion" name="delete_after" kind="number" min="1" value=delete
                hint="Leave empty to keep it forever." error=rule("days until deletion")/>
            <Field label="Days until cold storage" name="cold_after" kind="number" min="1"
                value=value("cold_after")
                hint="Leave empty to keep it warm. Deletion must come at least 90 days later; types that know no cold storage ignore this."
                error=rule("days until cold storage")/>
            <Field label="Service role" name="role" value=value("role")
                hint=format!("The role that AWS Backup assumes. Empty takes {service_role}.")
                error=rule("service role")/>
            <TextArea label="Reason" name="reason" value=value("reason")
                hint="For the audit log, in your words." error=rule("reason")/>
            <div class="form-actions">
                <button class="button button-primary">"Back up now"</button>
                <a class="button" href=back>"Cancel"</a>
            </div>
            <p class="field-hint">"It goes on by itself: you can close this page once it has started."</p>
        </PostForm>
    }
}

fn choice(vault: &Vault) -> Choice {
    let lock = match (
        vault.locked,
        vault.min_retention_days,
        vault.max_retention_days,
    ) {
        (false, _, _) => String::new(),
        (true, Some(min), Some(max)) => format!(" (locked, {min} to {max} days)"),
        (true, Some(min), None) => format!(" (locked, at least {min} days)"),
        (true, None, Some(max)) => format!(" (locked, at most {max} days)"),
        (true, None, None) => " (locked)".to_owned(),
    };
    Choice::new(vault.name.as_str(), format!("{}{lock}", vault.name))
}
