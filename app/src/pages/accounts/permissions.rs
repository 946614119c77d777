use leptos::prelude::*;
use tidemark_domain::{
    Feature, Privilege,
    permissions::{FeaturePermissions, FeatureState, PermissionRow},
};

use super::shown::{lost_words, state_badge};
use crate::{
    components::{
        AccountLabel, Badge, Choice, Column, Crumb, Empty, Field, GetForm, Moment, Notice,
        PageHead, Select, Table, Tone, load,
    },
    format::counted,
    pages::{only, search},
    server_fns::accounts::{PermissionQuery, list_permissions},
};

const PATH: &str = "/accounts/permissions";

/// What each role may do in each Region, feature by feature.
#[component]
pub(crate) fn PermissionsPage() -> impl IntoView {
    only(
        Privilege::ReadPermissions,
        "Ask an administrator what the roles may do.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_permissions(PermissionQuery::parse(&query)),
    );
    view! {
        <PageHead title="Permissions of the roles" crumbs=vec![Crumb::new("Accounts", "/accounts")]/>
        <p class="lead">
            "What AWS lets the console's role do in each account and Region, asked of IAM beforehand: "
            "each feature by all the actions that it needs."
        </p>
        {move || filters(PermissionQuery::parse(&search.get()))}
        {load(rows, move |rows| show(rows, &PermissionQuery::parse(&search.get_untracked())))}
    }
}

fn filters(query: PermissionQuery) -> impl IntoView {
    let mut features = vec![Choice::new("", "every feature")];
    features.extend(
        Feature::of_access_role().map(|feature| Choice::new(feature.as_str(), feature.words())),
    );
    let states = vec![
        Choice::new("", "in any state"),
        Choice::new(FeatureState::Denied.as_str(), "denied"),
        Choice::new(FeatureState::Mostly.as_str(), "denied in some cases"),
        Choice::new(FeatureState::Unknown.as_str(), "not known"),
        Choice::new(FeatureState::Allowed.as_str(), "allowed"),
        Choice::new(FeatureState::Off.as_str(), "not chosen"),
    ];
    let lost = vec![
        Choice::new("", "lost or not"),
        Choice::new("yes", "lost since it was allowed"),
    ];
    view! {
        <GetForm action=PATH class="filters" role="search" label="Filter permissions">
            <Select label="Feature" name="feature" choices=features value=query.feature/>
            <Select label="Status" name="state" choices=states value=query.state/>
            <Select label="Lost" name="lost" choices=lost value=query.lost/>
            <Field label="Account id" name="account" value=query.account/>
            <Field label="Region" name="region" value=query.region/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}

fn show(rows: Vec<PermissionRow>, query: &PermissionQuery) -> AnyView {
    if rows.is_empty() && query.is_filtered() {
        return view! {
            <Empty title="No role matches"><p><a class="button" href=PATH>"Show all"</a></p></Empty>
        }
        .into_any();
    }
    if rows.is_empty() {
        return view! {
            <Empty title="No account is registered yet">
                <p>"What its role may do is asked as soon as an account is registered."</p>
            </Empty>
        }
        .into_any();
    }
    let feature: Option<Feature> = query.feature.parse().ok();
    let shown: Vec<Feature> = Feature::of_access_role()
        .filter(|one| feature.is_none_or(|only| only == *one))
        .collect();
    let mut columns = vec![Column::text("Account"), Column::text("Region")];
    columns.extend(shown.iter().map(|feature| Column::text(feature.words())));
    columns.push(Column::text("Asked"));
    let lost: Vec<_> = rows.iter().filter(|row| row.lost.is_some()).collect();
    let notice = (!lost.is_empty()).then(|| {
        let lines = lost
            .iter()
            .filter_map(|row| {
                let href = format!("/accounts/{}", row.account);
                let words = lost_words(row.lost.as_ref()?);
                let since = row.lost.as_ref()?.since;
                let name = format!("{} in {}", row.alias, row.region);
                Some(view! { <li><a href=href>{name}</a> ": " {words} ", since " <Moment at=since/></li> })
            })
            .collect_view();
        view! {
            <Notice tone=Tone::Bad title="Roles may no longer do what they once could">
                <ul>{lines}</ul>
            </Notice>
        }
    });
    let summary = counted(rows.len() as u64, "role in a Region", "roles in Regions");
    let lines = rows.into_iter().map(|row| line(row, &shown)).collect_view();
    view! {
        {notice}
        <Table label="Permissions by account, Region and feature" columns=columns>{lines}</Table>
        <p class="muted">{summary}</p>
    }
    .into_any()
}

fn line(row: PermissionRow, shown: &[Feature]) -> impl IntoView + use<> {
    let href = format!("/accounts/{}", row.account);
    let broken = row.broken.is_some();
    let cells = shown
        .iter()
        .map(|feature| {
            let of = row.features.iter().find(|one| one.feature == *feature);
            view! { <td>{cell(of, broken)}</td> }
        })
        .collect_view();
    let why = row
        .broken
        .map(|error| view! { <p class="cell-note">{error.message}</p> });
    let asked = match row.made_at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span class="muted">"not yet"</span> }.into_any(),
    };
    view! {
        <tr>
            <td>
                <a class="row-link" href=href><AccountLabel alias=row.alias id=row.account.as_str()/></a>
                {why}
            </td>
            <td class="nowrap">{row.region.to_string()}</td>
            {cells}
            <td>{asked}</td>
        </tr>
    }
}

fn cell(of: Option<&FeaturePermissions>, broken: bool) -> AnyView {
    match of {
        None => view! { <span class="muted">"–"</span> }.into_any(),
        Some(_) if broken => view! { <Badge tone=Tone::Unknown text="no connection"/> }.into_any(),
        Some(of) => state_badge(of).into_any(),
    }
}
