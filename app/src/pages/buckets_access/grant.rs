use leptos::prelude::*;
use tidemark_domain::policy::{AccessTask, RoleFound, StackRoles};

use crate::{
    components::{
        Choice, Column, Empty, ErrorNotice, Field, GetForm, Select, Table, TextArea, load_or,
    },
    server_fns::policies::{AccessQuery, find_roles},
};

/// The form by which roles get access, and the search for them in stacks.
pub(super) fn grant_section(query: &AccessQuery) -> AnyView {
    let found = if query.looks_for_roles() {
        let text = query.query().as_str().to_owned();
        let roles = Resource::new_blocking(move || text.clone(), find_roles);
        let query = StoredValue::new(query.clone());
        load_or(
            roles,
            move |found| query.with_value(|query| form(query, Some(found)).into_any()),
            move |error| {
                let form = query.with_value(|query| form(query, None).into_any());
                view! { <ErrorNotice error/> {form} }.into_any()
            },
        )
        .into_any()
    } else {
        form(query, None).into_any()
    };
    view! {
        <section aria-labelledby="find-title">
            <h2 id="find-title">"Find roles in CloudFormation stacks"</h2>
            <p class="muted">"Templates of applications make their roles in nested stacks. Without a name, the roles that exporters of block storage have are looked for: InstanceRole and LambdaRole, at any depth."</p>
            {search_form(query)}
        </section>
        {found}
    }
    .into_any()
}

/// The fields of the address that a form carries on.
fn kept(query: &AccessQuery, names: &[&'static str]) -> AnyView {
    names
        .iter()
        .map(|name| {
            let value = query.value(name).to_owned();
            (!value.is_empty()).then(|| view! { <input type="hidden" name=*name value=value/> })
        })
        .collect_view()
        .into_any()
}

fn search_form(query: &AccessQuery) -> impl IntoView + use<> {
    let or = |name: &str, other: &str| match query.value(name) {
        "" => query.value(other).to_owned(),
        value => value.to_owned(),
    };
    let place = kept(query, &["account", "region", "bucket"]);
    let (account, region) = (or("from_account", "account"), or("from_region", "region"));
    let [stack, text] = ["stack", "text"].map(|name| query.value(name).to_owned());
    view! {
        <GetForm action=AccessQuery::PATH class="form" role="search" label="Find roles">
            {place}
            <div class="field-row">
                <Field label="Account of the stacks" name="from_account" required=true value=account/>
                <Field label="Region of the stacks" name="from_region" required=true value=region/>
                <Field label="Stack" name="stack" value=stack hint="Name or id; empty looks into all."/>
                <Field label="Part of the role's name" name="text" value=text/>
            </div>
            <div class="form-actions"><button class="button">"Find roles"</button></div>
        </GetForm>
    }
}

fn form(query: &AccessQuery, found: Option<StackRoles>) -> impl IntoView + use<> {
    let tasks = AccessTask::ALL
        .map(|task| Choice::new(task.as_str(), task.words()))
        .to_vec();
    let typed = query.roles().join("\n");
    let found = found.map(roles_found);
    let place = kept(query, &["account", "region", "bucket"]);
    let (task, prefix) = (
        query.value("task").to_owned(),
        query.value("prefix").to_owned(),
    );
    view! {
        <section aria-labelledby="grant-title">
            <h2 id="grant-title">"Give roles access"</h2>
            <GetForm action=AccessQuery::PATH class="form" label="Give roles access">
                {place}
                {found}
                <TextArea label="Roles" name="roles" value=typed rows=3
                    hint="ARNs of roles, one a line, of this account or of others; what is ticked above is added."/>
                <div class="field-row">
                    <Select label="What for" name="task" choices=tasks value=task/>
                    <Field label="Prefix" name="prefix" value=prefix hint="Only below this folder; empty for the whole bucket."/>
                </div>
                <div class="form-actions">
                    <button class="button button-primary" name="do" value="grant">"Show what would change"</button>
                    <button class="button" name="do" value="check">"See whether they have access"</button>
                    <button class="button" name="do" value="revoke">"Show what taking it back would change"</button>
                </div>
            </GetForm>
        </section>
    }
}

fn roles_found(found: StackRoles) -> AnyView {
    let notes = found
        .notes
        .into_iter()
        .map(|note| view! { <p class="field-hint">{note}</p> })
        .collect_view();
    if found.roles.is_empty() {
        let stacks = match found.stacks.as_slice() {
            [] => "There are no stacks in that account and Region.".to_owned(),
            names => format!("Stacks there: {}.", names.join(", ")),
        };
        return view! {
            <Empty title="No role was found">
                <p>{stacks}" Name a stack to see all its roles, or a part of the role's name."</p>
            </Empty>
            {notes}
        }
        .into_any();
    }
    let rows = found
        .roles
        .into_iter()
        .enumerate()
        .map(role_row)
        .collect_view();
    view! {
        <Table
            label="Roles in stacks"
            columns=vec![Column::text("Role"), Column::text("Logical id"), Column::text("Stack")]
        >
            {rows}
        </Table>
        {notes}
    }
    .into_any()
}

fn role_row((number, role): (usize, RoleFound)) -> impl IntoView {
    let id = format!("role-{number}");
    view! {
        <tr>
            <th scope="row" class="cell-name">
                <span class="check-box">
                    <input type="checkbox" id=id.clone() name="role" value=role.arn.to_string() checked=role.is_usual/>
                    <label for=id>{role.arn.to_string()}</label>
                </span>
            </th>
            <td>{role.logical_id}</td>
            <td class="cell-wide">{role.stacks.join(" / ")}</td>
        </tr>
    }
}
