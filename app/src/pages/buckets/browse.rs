use leptos::prelude::*;
use tidemark_domain::buckets::{BrowsePage, BucketPlace, ListedObject};

use super::{blocks_href, browse_href, copy_href, crumbs, own_name};
use crate::{
    components::{
        Badge, Column, Empty, Field, GetForm, Moment, PageHead, Pagination, Table, Tone, load_page,
    },
    format::{bytes, counted},
    pages::search,
    server_fns::buckets::{BrowseQuery, browse_bucket},
};

/// What lies in a bucket, folder by folder.
#[component]
pub(crate) fn BucketBrowsePage() -> impl IntoView {
    let search = search();
    let page = Resource::new_blocking(move || search.get(), browse_bucket);
    load_page(page, move |page| {
        show(page, BrowseQuery::parse(&search.get_untracked())).into_any()
    })
}

fn show(page: BrowsePage, query: BrowseQuery) -> impl IntoView {
    let place = page.request.place.clone();
    let prefix = page.request.prefix.clone();
    let title = if prefix.is_empty() {
        place.bucket.clone()
    } else {
        own_name(&prefix)
    };
    let way = crumbs(&place, &prefix, browse_href);
    view! {
        <PageHead title=title crumbs=way/>
        {tools(&place, &prefix, &query)}
        {rows(&page, &query)}
    }
}

fn tools(place: &BucketPlace, prefix: &str, query: &BrowseQuery) -> impl IntoView + use<> {
    let other = BrowseQuery {
        versions: !query.versions,
        after: String::new(),
        ..query.clone()
    };
    let (other, label) = (
        other.query().on("/buckets/browse"),
        if query.versions {
            "Show objects only"
        } else {
            "Show versions"
        },
    );
    let (account, region, bucket) = (
        query.account.clone(),
        query.region.clone(),
        query.bucket.clone(),
    );
    let (shown, versions) = (query.prefix.clone(), query.versions);
    let (blocks, copy) = (blocks_href(place, prefix), copy_href(place, prefix));
    view! {
        <GetForm action="/buckets/browse" class="filters" role="search" label="Go to a prefix">
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="region" value=region/>
            <input type="hidden" name="bucket" value=bucket/>
            {versions.then(|| view! { <input type="hidden" name="versions" value="1"/> })}
            <Field label="Keys that begin with" name="prefix" kind="search" value=shown/>
            <button class="button">"Go"</button>
        </GetForm>
        <p class="form-actions">
            <a class="button" href=other>{label}</a>
            <a class="button" href=blocks>"As block storage backups"</a>
            <a class="button" href=copy>"Copy this prefix"</a>
        </p>
    }
}

fn rows(page: &BrowsePage, query: &BrowseQuery) -> AnyView {
    let listing = &page.listing;
    if listing.folders.is_empty() && listing.objects.is_empty() {
        return view! {
            <Empty title="No objects here">
                <p>"No key of the bucket begins like this."</p>
            </Empty>
        }
        .into_any();
    }
    let place = &page.request.place;
    let folders = listing
        .folders
        .iter()
        .map(|folder| {
            let to = BrowseQuery {
                prefix: folder.clone(),
                after: String::new(),
                ..query.clone()
            };
            view! {
                <tr>
                    <td class="cell-name"><a class="row-link" href=to.query().on("/buckets/browse")>{own_name(folder)}</a></td>
                    <td class="numeric"></td>
                    <td></td>
                    <td>"folder"</td>
                </tr>
            }
        })
        .collect_view();
    let objects = listing.objects.iter().map(object).collect_view();
    let on = |after: &str| {
        let to = BrowseQuery {
            after: after.to_owned(),
            ..query.clone()
        };
        to.query().on("/buckets/browse")
    };
    let first = (!query.after.is_empty()).then(|| on(""));
    let next = listing.next.as_deref().map(on);
    let number = (listing.folders.len() + listing.objects.len()) as u64;
    let summary = format!("{} on this page, by key", counted(number, "row", "rows"));
    view! {
        <Table
            label=format!("Objects of {}", place.bucket)
            columns=vec![
                Column::text("Name"),
                Column::number("Size"),
                Column::text("Written"),
                Column::text("Storage class"),
            ]
        >
            {folders}
            {objects}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn object(object: &ListedObject) -> impl IntoView + use<> {
    let version = object.version.as_ref().map(|version| {
        let state = if version.deleted {
            view! { <Badge tone=Tone::Warn text="delete marker"/> }.into_any()
        } else if version.latest {
            view! { <Badge tone=Tone::Good text="current"/> }.into_any()
        } else {
            ().into_any()
        };
        let id = version.id.clone();
        view! { <p class="cell-note">{state} " version " <code>{id}</code></p> }
    });
    let deleted = object.version.as_ref().is_some_and(|v| v.deleted);
    let size = (!deleted).then(|| bytes(object.size));
    let at = object.modified;
    view! {
        <tr>
            <td class="cell-name">{own_name(&object.key)} {version}</td>
            <td class="numeric">{size}</td>
            <td><Moment at/></td>
            <td>{object.class.clone()}</td>
        </tr>
    }
}
