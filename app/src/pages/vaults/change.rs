use leptos::prelude::*;
use tidemark_domain::Privilege;

use super::{change_form::form, change_plan::plan_section};
use crate::{
    components::{Crumb, ErrorNotice, PageHead, load_or},
    pages::{only, search},
    server_fns::vaults::{VaultChangeQuery, plan_vault_change},
};

/// Creates, locks, unlocks or deletes a vault, or changes its access policy: what, then the plan, then the confirmation.
#[component]
pub(crate) fn VaultChangePage() -> impl IntoView {
    only(
        Privilege::ManageVaults,
        "An operator or an admin can create and delete vaults; an admin can lock them and change who may use them.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    let query = VaultChangeQuery::parse(&search.get_untracked());
    let title = match query.what.as_str() {
        "create" => "Create a vault",
        "policy" => "Change the access policy",
        "lock" => "Lock a vault",
        "unlock" => "Remove the lock",
        "delete" => "Delete a vault",
        _ => "Change a vault",
    };
    view! {
        <PageHead title=title crumbs=vec![Crumb::new("Vaults", "/vaults")]/>
        {form(query)}
        {move || {
            let text = search.get();
            let query = VaultChangeQuery::parse(&text);
            // What has no form is shown at once.
            (query.chosen || !has_form(&query.what)).then(|| planned(query))
        }}
    }
}

/// Whether there is anything to choose.
fn has_form(what: &str) -> bool {
    matches!(what, "create" | "policy" | "lock")
}

fn planned(query: VaultChangeQuery) -> impl IntoView {
    let text = query.query().as_str().to_owned();
    let plan = Resource::new_blocking(
        {
            let text = text.clone();
            move || text.clone()
        },
        plan_vault_change,
    );
    let text = StoredValue::new(text);
    load_or(
        plan,
        move |plan| plan_section(plan, text.get_value()).into_any(),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}
