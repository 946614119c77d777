use leptos::prelude::*;
use tidemark_domain::Privilege;

use super::plan::plan_section;
use crate::{
    components::ErrorNotice,
    components::{Choice, Crumb, Field, GetForm, Notice, PageHead, Select, Tone, load_or},
    pages::{only, search},
    query::pairs,
    server_fns::points::{ChangeQuery, plan_change},
};

/// Deletes recovery points or changes their lifecycles: first the plan, then the confirmation.
#[component]
pub(crate) fn ChangePage() -> impl IntoView {
    only(
        Privilege::ManagePoints,
        "An operator or an admin can delete recovery points and change their lifecycles.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    move || {
        let query = ChangeQuery::parse(&search.get());
        let title = if query.deletes() {
            "Delete recovery points"
        } else {
            "Change lifecycles"
        };
        let back = query.filter.on("/points");
        let is_known = matches!(query.action.as_str(), "delete" | "lifecycle");
        if is_known && query.takes_everything() && !query.all {
            return view! {
                <PageHead title=title crumbs=vec![Crumb::new("Recovery points", back.clone())]/>
                {everything(query.deletes(), back)}
            }
            .into_any();
        }
        let form = (!query.deletes()).then(|| lifecycle_form(&query));
        let plan = (query.deletes() || query.chosen).then(|| planned(query));
        view! {
            <PageHead title=title crumbs=vec![Crumb::new("Recovery points", back)]/>
            {form}
            {plan}
        }
        .into_any()
    }
}

/// Neither points nor a filter: that everything is meant must be ticked.
fn everything(deletes: bool, back: String) -> impl IntoView {
    let (action, label, verb) = if deletes {
        ("delete", "Delete every recovery point", "deleted")
    } else {
        ("lifecycle", "Change every lifecycle", "changed")
    };
    let consequence = format!(
        "Nothing was selected and no filter is set. Without either, every recovery point of every account would be {verb}."
    );
    view! {
        <Notice tone=Tone::Warn title="This would take everything">
            <p>{consequence}</p>
            <p><a class="button" href=back>"Select points or set a filter"</a></p>
        </Notice>
        <GetForm action=ChangeQuery::PATH class="form" label=label>
            <input type="hidden" name="do" value=action/>
            <label class="check">
                <input type="checkbox" name="all" value="1" required=true/>
                " Every recovery point of every account is meant"
            </label>
            <div class="form-actions"><button class="button">"Show what would change"</button></div>
        </GetForm>
    }
}

/// Shows the plan of the address.
fn planned(query: ChangeQuery) -> impl IntoView {
    let text = query.query().as_str().to_owned();
    let plan = Resource::new_blocking(|| (), {
        let text = text.clone();
        move |()| plan_change(text.clone())
    });
    let stored = StoredValue::new((query, text));
    load_or(
        plan,
        move |plan| stored.with_value(|(query, text)| plan_section(plan, query, text).into_any()),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

/// The new lifecycle: a form whose fields become the address.
fn lifecycle_form(query: &ChangeQuery) -> impl IntoView + use<> {
    let hidden = query
        .selection()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let cold = vec![
        Choice::new("keep", "as each point has it"),
        Choice::new("never", "never"),
        Choice::new("after", "after so many days"),
    ];
    let plain = pairs(query.query().as_str());
    let value = |field: &str| {
        plain
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let (delete_days, cold_choice, cold_days) =
        (value("delete_days"), value("cold"), value("cold_days"));
    view! {
        <section aria-labelledby="lifecycle-title">
            <h2 id="lifecycle-title">"New lifecycle"</h2>
            <p class="muted">"Days count from the creation of each point. What is in cold storage stays there for at least 90 days, and that move cannot be changed once it has happened."</p>
            <GetForm action=ChangeQuery::PATH class="form" label="New lifecycle">
                <input type="hidden" name="do" value="lifecycle"/>
                <input type="hidden" name="chosen" value="1"/>
                {hidden}
                <div class="field-row">
                    <Field label="Days until deletion" name="delete_days" kind="number" min="1"
                        value=delete_days hint="Leave empty to keep them forever."/>
                    <Select label="Cold storage" name="cold" choices=cold value=cold_choice
                        hint="Types that know no cold storage ignore this."/>
                    <Field label="Days until cold storage" name="cold_days" kind="number" min="1"
                        value=cold_days hint="Only for “after so many days”."/>
                </div>
                <div class="form-actions"><button class="button button-primary">"Show what would change"</button></div>
            </GetForm>
        </section>
    }
}
