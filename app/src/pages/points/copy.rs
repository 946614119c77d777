use leptos::prelude::*;
use tidemark_domain::{Page, Privilege, VaultRow};

use super::copy_plan::plan_section;
use crate::{
    components::{
        Choice, Crumb, ErrorNotice, Field, GetForm, Notice, PageHead, Select, Tone, load_or,
    },
    pages::{only, search},
    query::pairs,
    server_fns::{
        points::{PointsCopyQuery, plan_points_copy},
        vaults::{VaultQuery, list_vaults},
    },
};

/// Copies recovery points into another vault: where to, then the plan, then the start.
#[component]
pub(crate) fn CopyPage() -> impl IntoView {
    only(
        Privilege::ManagePoints,
        "An operator or an admin can copy recovery points.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    move || {
        let query = PointsCopyQuery::parse(&search.get());
        let back = query.filter.on("/points");
        let crumbs = vec![Crumb::new("Recovery points", back.clone())];
        if query.takes_everything() && !query.all {
            return view! {
                <PageHead title="Copy recovery points" crumbs/>
                {everything(back)}
            }
            .into_any();
        }
        let plan = (!query.to.is_empty()).then(|| planned(query.clone()));
        view! {
            <PageHead title="Copy recovery points" crumbs/>
            {destination(query)}
            {plan}
        }
        .into_any()
    }
}

/// Neither points nor a filter: that everything is meant must be ticked.
fn everything(back: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Warn title="This would take everything">
            <p>"Nothing was selected and no filter is set. Without either, every recovery point of every account would be copied."</p>
            <p><a class="button" href=back>"Select points or set a filter"</a></p>
        </Notice>
        <GetForm action=PointsCopyQuery::PATH class="form" label="Copy every recovery point">
            <label class="check">
                <input type="checkbox" name="all" value="1" required=true/>
                " Every recovery point of every account is meant"
            </label>
            <div class="form-actions"><button class="button">"Choose where to"</button></div>
        </GetForm>
    }
}

/// Shows the plan of the address.
fn planned(query: PointsCopyQuery) -> impl IntoView {
    let text = query.query().as_str().to_owned();
    let plan = Resource::new_blocking(|| (), {
        let text = text.clone();
        move |()| plan_points_copy(text.clone())
    });
    let stored = StoredValue::new((query, text));
    load_or(
        plan,
        move |plan| stored.with_value(|(query, text)| plan_section(plan, query, text).into_any()),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

/// Where to and for how long: a form whose fields become the address.
fn destination(query: PointsCopyQuery) -> impl IntoView {
    let vaults = Resource::new_blocking(|| (), |()| list_vaults(VaultQuery::default()));
    let stored = StoredValue::new(query);
    load_or(
        vaults,
        move |vaults| stored.with_value(|query| form(query, &vaults).into_any()),
        move |_| stored.with_value(|query| form(query, &nothing()).into_any()),
    )
}

/// No vault can be offered; one can still be typed.
fn nothing() -> Page<VaultRow> {
    Page {
        items: Vec::new(),
        next: None,
        total: None,
    }
}

fn form(query: &PointsCopyQuery, vaults: &Page<VaultRow>) -> impl IntoView + use<> {
    let hidden = query
        .selection()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let known = vaults
        .items
        .iter()
        .map(|row| {
            let vault = &row.vault;
            let label = format!(
                "{} of {} ({}), {}",
                vault.name, row.alias, vault.account, vault.region
            );
            view! { <option value=vault.arn.to_string()>{label}</option> }
        })
        .collect_view();
    let keep = vec![
        Choice::new("source", "as their sources"),
        Choice::new("days", "for so many days"),
        Choice::new("never", "forever"),
    ];
    let plain = pairs(query.query().as_str());
    let value = |field: &str| {
        plain
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let (to, kept, delete_days, cold_days, role) = (
        value("to"),
        value("keep"),
        value("delete_days"),
        value("cold_days"),
        value("role"),
    );
    view! {
        <section aria-labelledby="destination-title">
            <h2 id="destination-title">"Destination"</h2>
            <p class="muted">"A vault of any account and Region that is registered here. Retention counts from the creation of each source, not of its copy."</p>
            <GetForm action=PointsCopyQuery::PATH class="form" label="Destination">
                {hidden}
                <Field label="Vault" name="to" value=to required=true list="vaults"
                    hint="Its ARN, for example arn:aws:backup:eu-central-1:111122223333:backup-vault:copies"/>
                <datalist id="vaults">{known}</datalist>
                <div class="field-row">
                    <Select label="Keep the copies" name="keep" choices=keep value=kept/>
                    <Field label="Days until deletion" name="delete_days" kind="number" min="1"
                        value=delete_days hint="Only for “for so many days”."/>
                    <Field label="Days until cold storage" name="cold_days" kind="number" min="1"
                        value=cold_days hint="Empty for never; not for “as their sources”."/>
                </div>
                <Field label="Role that AWS Backup copies as" name="role" value=role
                    hint="ARN of a role in the account of the points. Empty for AWS Backup’s default role there."/>
                <div class="form-actions"><button class="button button-primary">"Check and show what would be copied"</button></div>
            </GetForm>
        </section>
    }
}
