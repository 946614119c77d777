use leptos::prelude::*;
use tidemark_domain::{Page, Privilege, plan::PlanRow};

use crate::{
    components::{
        AccountLabel, Badge, Choice, Column, Empty, Field, GetForm, Moment, PageHead, Pagination,
        Select, Style, Table, Tone, load,
    },
    format::{count, counted},
    pages::search,
    server_fns::{
        accounts::list_accounts,
        plans::{PlanAddress, PlanQuery, list_plans},
    },
    use_session,
};

/// Every backup plan of every account.
#[component]
pub(crate) fn PlansPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_plans(PlanQuery::parse(&query)),
    );
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let manage = use_session().may(Privilege::ManagePlans).then(|| {
        view! {
            <a class="button button-primary" href="/plans/edit">"New plan"</a>
            <a class="button" href="/plans/import">"Import"</a>
        }
    });
    view! {
        <PageHead title="Plans">{manage}</PageHead>
        {load(accounts, move |accounts| {
            let choices = accounts
                .into_iter()
                .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
                .collect();
            filters(choices, PlanQuery::parse(&search.get_untracked())).into_any()
        })}
        {load(rows, move |page| show(page, &PlanQuery::parse(&search.get_untracked())))}
    }
}

fn filters(accounts: Vec<Choice>, query: PlanQuery) -> impl IntoView {
    let mut choices = vec![Choice::new("", "all accounts")];
    choices.extend(accounts);
    view! {
        <GetForm action="/plans" class="filters" role="search" label="Filter plans">
            <Field label="Name" name="text" kind="search" value=query.text/>
            <Select label="Account" name="account" choices value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <input type="hidden" name="sort" value=query.sort/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn show(page: Page<PlanRow>, query: &PlanQuery) -> AnyView {
    if page.items.is_empty() {
        return nothing(query).into_any();
    }
    let shown = counted(page.items.len() as u64, "plan", "plans");
    let summary = match page.total {
        Some(total) => format!("{shown} on this page, {} in all", count(total)),
        None => format!("{shown} on this page"),
    };
    let first = (!query.cursor.is_empty()).then(|| query.first().on("/plans"));
    let next = page
        .next
        .as_deref()
        .map(|cursor| query.after(cursor).on("/plans"));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Plans"
            columns=vec![
                Column::text("Name").sorted(turned(query), Some(query.sort == "-name")),
                Column::text("Status"),
                Column::text("Next run"),
                Column::number("Takes"),
                Column::number("Rules"),
                Column::text("Vaults"),
                Column::text("Account"),
                Column::text("Region"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

/// The list the other way round.
fn turned(query: &PlanQuery) -> String {
    let mut turned = query.first();
    let sort = if query.sort == "-name" { "" } else { "-name" };
    sort.clone_into(&mut turned.sort);
    turned.on("/plans")
}

fn nothing(query: &PlanQuery) -> impl IntoView + use<> {
    if query.is_filtered() {
        view! {
            <Empty title="No plan matches">
                <p><a class="button" href="/plans">"Show all"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No plan is known yet">
                <p>"A plan says what is backed up, when, for how long and where to. Plans appear when an account has been read."</p>
                <p><a class="button" href="/plans/edit">"Make the first plan"</a></p>
            </Empty>
        }
        .into_any()
    }
}

fn row(row: PlanRow) -> impl IntoView {
    let href = PlanAddress {
        account: row.account.to_string(),
        region: row.region.to_string(),
        id: row.id.clone(),
    }
    .on("/plans/view");
    let next = match row.next_run {
        Some(at) => view! { <Moment at style=Style::Both/> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    };
    let resources = row.resources.map_or_else(|| "not known".to_owned(), count);
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=href>{row.name.clone()}</a></td>
            <td>{standing(&row)}</td>
            <td>{next}</td>
            <td class="numeric">{resources}</td>
            <td class="numeric">{count(u64::from(row.rules))}</td>
            <td class="cell-wide">{row.vaults.join(", ")}</td>
            <td><AccountLabel alias=row.alias id=row.account.as_str()/></td>
            <td class="nowrap">{row.region.to_string()}</td>
        </tr>
    }
}

/// What is wrong with a plan, in badges.
fn standing(row: &PlanRow) -> impl IntoView + use<> {
    let errors = (row.errors > 0).then(|| {
        let text = counted(u64::from(row.errors), "error", "errors");
        view! { <Badge tone=Tone::Bad text=text title="Jobs of this plan fail"/> }
    });
    let warnings = (row.warnings > 0).then(|| {
        let text = counted(u64::from(row.warnings), "warning", "warnings");
        view! { <Badge tone=Tone::Warn text=text/> }
    });
    let drifts = row.drifts.then(|| {
        view! { <Badge tone=Tone::Warn text="drifted" title="Plans of this name elsewhere say something else"/> }
    });
    let fine = (row.errors + row.warnings == 0 && !row.drifts)
        .then(|| view! { <Badge tone=Tone::Good text="OK"/> });
    view! { <span class="badges">{errors}{warnings}{drifts}{fine}</span> }
}
