use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{PitrWindow, Privilege, ResourceDetail, ScopeHealth};

use super::{jobs::jobs_section, points::points_section};
use crate::{
    clock::page_clock,
    components::{
        AccountLabel, Copyable, Crumb, Disclosure, FormError, Moment, Notice, PageHead, PostForm,
        ProtectionBadge, Style, Tone, load_page,
    },
    format::{bytes, counted, windows_in_words},
    pages::{
        records::records_of,
        runs::runs_of,
        search,
        timeline::{Ask, timeline_section},
    },
    query::{link, pairs},
    server_fns::{
        resources::{RefreshResource, get_resource},
        timeline::{Range, TimelineAsk},
    },
    use_session,
    wizard::Wizard,
};

/// One resource: how far back, what exists, what was tried.
#[component]
pub(crate) fn ResourcePage() -> impl IntoView {
    let search = search();
    let arn = Memo::new(move |_| arn_of(&search.get()));
    let detail = Resource::new_blocking(move || arn.get(), get_resource);
    view! {
        {load_page(detail, |detail| show(detail).into_any())}
    }
}

fn arn_of(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "arn")
        .map(|(_, arn)| arn)
        .unwrap_or_default()
}

fn show(detail: ResourceDetail) -> impl IntoView {
    let session = use_session();
    let resource = detail.resource.clone();
    let arn = resource.arn.clone();
    let restores = session.may(Privilege::Restore);
    let restore = (restores && detail.is_restorable()).then(|| {
        view! { <a class="button button-primary" href=Wizard::of(&arn).href()>"Restore"</a> }
    });
    let backup = (session.may(Privilege::Backup) && !resource.deleted).then(|| {
        view! { <a class="button" href=link("/backup", "arn", arn.as_str())>"Back up now"</a> }
    });
    let refresh = session.may(Privilege::Refresh).then(|| {
        let arn = arn.to_string();
        view! {
            <PostForm action=RefreshResource::PATH>
                <input type="hidden" name="arn" value=arn/>
                <button class="button">"Sync now"</button>
            </PostForm>
        }
    });
    let crumbs = vec![
        Crumb::new("Resources", "/resources"),
        Crumb::new(
            detail.alias.clone(),
            link("/resources", "account", resource.account.as_str()),
        ),
    ];
    let search = search();
    let over_time = {
        let arn = arn.to_string();
        Ask {
            path: "/resources/view",
            what: Memo::new(move |_| TimelineAsk::one(&arn, Range::parse(&search.get()))),
            named: false,
        }
    };
    let records = (arn.service() == "dynamodb"
        && (!resource.deleted || !detail.records.is_empty()))
    .then(|| records_of(&arn));
    view! {
        <PageHead title=resource.name.clone() crumbs=crumbs>{restore}{backup}{refresh}</PageHead>
        <FormError action=RefreshResource::PATH/>
        {freshness(&detail)}
        {reach(&detail)}
        {facts(&detail)}
        {timeline_section(over_time, resource.pitr)}
        {records}
        {points_section(arn.clone(), restores)}
        {jobs_section(&arn)}
        <section aria-labelledby="runs-title">
            <h2 id="runs-title">"Runs"</h2>
            {runs_of(&arn)}
        </section>
        {settings(&detail)}
    }
}

/// Old or missing knowledge is said first: it colours everything below.
fn freshness(detail: &ResourceDetail) -> AnyView {
    let health = detail.scope.health(page_clock().now_once());
    if health == ScopeHealth::Fresh {
        return ().into_any();
    }
    let since = detail
        .scope
        .last_success
        .map(|at| view! { " What you see is from " <Moment at style=Style::Both/> "." });
    let why = detail.scope.error.clone().map(|error| {
        view! { <p>{error.message} " " <strong>"What to do: "</strong> {error.fix}</p> }
    });
    let title = format!(
        "{} in {} is {}",
        detail.alias,
        detail.resource.region,
        health.as_str()
    );
    view! {
        <Notice tone=Tone::Warn title=title>
            {why}
            <p>{since}</p>
        </Notice>
    }
    .into_any()
}

/// The first thing that a person in a hurry looks for.
fn reach(detail: &ResourceDetail) -> impl IntoView + use<> {
    let points = counted(detail.points, "recovery point", "recovery points");
    let by = detail
        .resource
        .pitr
        .is_none()
        .then_some("by its record-level backup, ");
    let own = detail.resource.pitr;
    let newest = own.or_else(|| {
        detail
            .records
            .iter()
            .max_by_key(|window| window.latest)
            .copied()
    });
    let text = match (newest, detail.newest_point) {
        (Some(window), _) => {
            let others = detail.records.iter().filter(|_| own.is_none());
            let others: Vec<PitrWindow> = others.filter(|other| **other != window).copied().collect();
            let others = (!others.is_empty())
                .then(|| format!("also {}, ", windows_in_words(&others)));
            view! {
                <p class="reach-main">
                    "Restorable to any second from " <Moment at=window.earliest style=Style::Exact/>
                    " to " <Moment at=window.latest style=Style::Exact/>
                </p>
                <p>{by} {others} "and to " {points} "."</p>
            }
            .into_any()
        }
        (None, Some(at)) => view! {
            <p class="reach-main">"Restorable to " <Moment at style=Style::Both/></p>
            <p>"That is the newest of " {points} "."</p>
        }
        .into_any(),
        (None, None) => view! {
            <p class="reach-main">"Nothing to restore from"</p>
            <p>"There is no usable recovery point and no point-in-time window. Back it up, or put it into a backup plan."</p>
        }
        .into_any(),
    };
    let tone = if detail.is_restorable() {
        Tone::Good
    } else {
        Tone::Warn
    };
    view! {
        <div class="reach" data-tone=tone.as_str()>
            <div>{text}</div>
            <ProtectionBadge protection=detail.protection/>
        </div>
    }
}

fn facts(detail: &ResourceDetail) -> impl IntoView + use<> {
    let resource = &detail.resource;
    let id = resource.account.to_string();
    let account_page = format!("/accounts/{id}");
    view! {
        <dl class="facts">
            <dt>"ARN"</dt><dd><Copyable text=resource.arn.as_str() label="ARN"/></dd>
            <dt>"Type"</dt>
            <dd>{resource.resource_type.to_string()}{resource.deleted.then_some(", deleted: only its backups remain")}</dd>
            <dt>"Account"</dt>
            <dd><a href=account_page><AccountLabel alias=detail.alias.clone() id=id/></a></dd>
            <dt>"Region"</dt><dd>{resource.region.to_string()}</dd>
            {resource.size_bytes.map(|size| view! { <dt>"Size"</dt><dd>{bytes(size)}</dd> })}
            {resource.created_at.map(|at| view! { <dt>"Created"</dt><dd><Moment at style=Style::Both/></dd> })}
        </dl>
    }
}

fn settings(detail: &ResourceDetail) -> impl IntoView + use<> {
    let tags = &detail.resource.tags;
    if tags.is_empty() {
        return ().into_any();
    }
    let rows = tags
        .iter()
        .map(|(key, value)| view! { <dt>{key.clone()}</dt><dd>{value.clone()}</dd> })
        .collect_view();
    view! {
        <section aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <Disclosure summary=counted(tags.len() as u64, "tag", "tags") open=true>
                <dl class="facts">{rows}</dl>
            </Disclosure>
        </section>
    }
    .into_any()
}
