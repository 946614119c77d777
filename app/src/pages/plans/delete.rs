use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{Privilege, plan::PlanDeletion};

use super::review::runs;
use crate::{
    components::{
        Copyable, Crumb, Disclosure, Field, FormError, PageHead, PostForm, Stat, TextArea, Tone,
        load_page,
    },
    format::{count, counted},
    outcome::{entered, failure},
    pages::{only, search},
    server_fns::plans::{DeletePlan, PlanAddress, plan_deletion},
};

/// What deleting a plan does, and the name to type before it is done.
#[component]
pub(crate) fn PlanDeletePage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to delete the plan.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let deletion = Resource::new_blocking(move || PlanAddress::parse(&search.get()), plan_deletion);
    load_page(deletion, |deletion| show(deletion).into_any())
}

fn show(deletion: PlanDeletion) -> impl IntoView {
    let record = deletion.plan;
    let name = record.plan.backup_plan_name.clone();
    let address = PlanAddress {
        account: record.account.to_string(),
        region: record.region.to_string(),
        id: record.id.clone(),
    };
    let back = address.on("/plans/view");
    let consequences = deletion
        .consequences
        .into_iter()
        .map(|text| view! { <li>{text}</li> })
        .collect_view();
    let unprotected = if deletion.unprotected > 0 {
        Tone::Bad
    } else {
        Tone::Neutral
    };
    let rule = failure(DeletePlan::PATH)
        .and_then(|error| error.rule_for("confirmation").map(str::to_owned))
        .unwrap_or_default();
    let selections = deletion.selections.join(", ");
    view! {
        <PageHead
            title=format!("Delete {name}")
            crumbs=vec![Crumb::new("Plans", "/plans"), Crumb::new(name.clone(), back.clone())]
        />
        <p class="review">
            {format!(
                "The plan {name} of account {} in {} will be deleted with {} ({selections}). Recovery points stay until their own lifecycle ends.",
                record.account,
                record.region,
                counted(deletion.selections.len() as u64, "selection", "selections"),
            )}
        </p>
        <dl class="stats">
            <Stat label="Resources it takes" value=count(deletion.resources)/>
            <Stat label="Left without any plan" value=count(deletion.unprotected) note="no other plan here takes them" tone=unprotected/>
            <Stat label="Points that it made" value=count(deletion.points) note="they stay"/>
        </dl>
        <section aria-labelledby="consequences-title">
            <h2 id="consequences-title">"What follows"</h2>
            <ul class="plan-consequences">{consequences}</ul>
        </section>
        <section aria-labelledby="lost-title">
            <h2 id="lost-title">"Runs that will not come"</h2>
            {runs(deletion.lost_runs)}
        </section>
        <Disclosure summary="What the run will be allowed to do">
            <Copyable text=deletion.session_policy label="session policy" block=true/>
        </Disclosure>
        <section aria-labelledby="delete-title">
            <h2 id="delete-title">"Delete it"</h2>
            <FormError action=DeletePlan::PATH/>
            <PostForm action=DeletePlan::PATH class="form">
                <input type="hidden" name="account" value=address.account/>
                <input type="hidden" name="region" value=address.region/>
                <input type="hidden" name="id" value=address.id/>
                <input type="hidden" name="digest" value=deletion.digest/>
                <Field label="Type the plan's name" name="confirmation" error=rule required=true/>
                <TextArea label="Reason" name="reason" value=entered(DeletePlan::PATH, "reason")
                    hint="For the audit log, in your words."/>
                <div class="form-actions">
                    <button class="button button-danger">"Delete the plan"</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
            </PostForm>
        </section>
    }
}
