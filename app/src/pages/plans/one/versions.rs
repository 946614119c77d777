use leptos::prelude::*;
use tidemark_domain::plan::{PlanVersion, diff_plans};

use super::super::review::difference_table;
use crate::{
    components::{Badge, Choice, Column, GetForm, Moment, Select, Style, Table, Tone, load},
    format::{counted, utc},
    pages::search,
    query::pairs,
    server_fns::plans::{PlanAddress, plan_versions},
};

/// The versions of a plan, each with how much it changed; and in what any two differ.
pub(super) fn versions(address: PlanAddress, in_force: String) -> impl IntoView {
    let search = search();
    let asked = Memo::new(move |_| {
        let value = |wanted: &str| {
            pairs(&search.get())
                .into_iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
                .unwrap_or_default()
        };
        (value("before"), value("after"))
    });
    let key = address.clone();
    let versions = Resource::new_blocking(|| (), move |()| plan_versions(key.clone()));
    let stored = StoredValue::new((address, in_force));
    view! {
        <section aria-labelledby="versions-title">
            <h2 id="versions-title">"Versions"</h2>
            {load(versions, move |versions| {
                let (address, in_force) = stored.get_value();
                show(&versions, &address, &in_force, asked).into_any()
            })}
        </section>
    }
}

fn show(
    versions: &[PlanVersion],
    address: &PlanAddress,
    in_force: &str,
    asked: Memo<(String, String)>,
) -> impl IntoView + use<> {
    if versions.is_empty() {
        return view! { <p class="muted">"None was read yet."</p> }.into_any();
    }
    let rows = versions
        .iter()
        .enumerate()
        .map(|(index, version)| row(version, versions.get(index + 1), address, in_force))
        .collect_view();
    let all = StoredValue::new(versions.to_vec());
    let compared = move || {
        let (before, after) = asked.get();
        all.with_value(|versions| {
            let find = |id: &str| versions.iter().find(|version| version.version_id == id);
            let (before, after) = (find(&before)?, find(&after)?);
            Some(compare(before, after))
        })
    };
    let compare_form =
        (versions.len() > 1).then(|| form(versions, address, &asked.get_untracked()));
    view! {
        <Table
            label="Versions"
            columns=vec![
                Column::text("In force from"),
                Column::text("Version"),
                Column::text("Rules"),
                Column::text("Changed"),
            ]
        >
            {rows}
        </Table>
        {compare_form}
        {compared}
    }
    .into_any()
}

fn row(
    version: &PlanVersion,
    before: Option<&PlanVersion>,
    address: &PlanAddress,
    in_force: &str,
) -> impl IntoView + use<> {
    let changed = match before {
        None => "the first that is known".into_any(),
        Some(before) => {
            let differences = diff_plans(&before.plan, &version.plan).len();
            let text = counted(differences as u64, "field", "fields");
            let mut query = address.query();
            query
                .push("before", &before.version_id)
                .push("after", &version.version_id);
            let href = format!("{}#compare", query.on("/plans/view"));
            view! { <a href=href>{text}</a> }.into_any()
        }
    };
    let rules: Vec<&str> = version
        .plan
        .rules
        .iter()
        .map(|rule| rule.rule_name.as_str())
        .collect();
    let current = (version.version_id == in_force)
        .then(|| view! { " " <Badge tone=Tone::Good text="in force"/> });
    view! {
        <tr>
            <td><Moment at=version.created_at style=Style::Both/></td>
            <td><code>{short(&version.version_id)}</code>{current}</td>
            <td class="cell-wide">{rules.join(", ")}</td>
            <td>{changed}</td>
        </tr>
    }
}

/// The beginning of an id, which tells versions apart.
fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

fn form(
    versions: &[PlanVersion],
    address: &PlanAddress,
    asked: &(String, String),
) -> impl IntoView + use<> {
    let choices: Vec<Choice> = versions
        .iter()
        .map(|version| {
            let label = format!("{} {}", utc(version.created_at), short(&version.version_id));
            Choice::new(version.version_id.as_str(), label)
        })
        .collect();
    let given = |value: &str, index: usize| {
        if value.is_empty() {
            choices
                .get(index)
                .map(|c| c.value.clone())
                .unwrap_or_default()
        } else {
            value.to_owned()
        }
    };
    let (before, after) = (given(&asked.0, 1), given(&asked.1, 0));
    let address = address.clone();
    view! {
        <GetForm action="/plans/view" class="filters" label="Compare two versions">
            <input type="hidden" name="account" value=address.account/>
            <input type="hidden" name="region" value=address.region/>
            <input type="hidden" name="id" value=address.id/>
            <Select label="From" name="before" choices=choices.clone() value=before/>
            <Select label="To" name="after" choices value=after/>
            <button class="button">"Compare"</button>
        </GetForm>
    }
}

fn compare(before: &PlanVersion, after: &PlanVersion) -> impl IntoView + use<> {
    let differences = diff_plans(&before.plan, &after.plan);
    let body = if differences.is_empty() {
        view! { <p class="muted">"They do not differ."</p> }.into_any()
    } else {
        difference_table("Differences between the versions", differences).into_any()
    };
    view! { <div id="compare"><h3>"What differs"</h3>{body}</div> }
}
