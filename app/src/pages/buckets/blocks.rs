use leptos::prelude::*;
use tidemark_domain::{
    Verdict,
    buckets::blocks::{BlockPage, SnapshotView},
};

use super::{blocks_href, browse_href, copy_href, crumbs, own_name};
use crate::{
    components::{Badge, Column, Empty, Moment, Notice, PageHead, Style, Table, Tone, load_page},
    format::{bytes, count},
    pages::search,
    server_fns::buckets::browse_blocks,
};

/// A bucket as backups of block storage: by cluster, volume and snapshot.
#[component]
pub(crate) fn BucketBlocksPage() -> impl IntoView {
    let search = search();
    let page = Resource::new_blocking(move || search.get(), browse_blocks);
    load_page(page, |page| show(page).into_any())
}

fn show(page: BlockPage) -> impl IntoView {
    let place = page.place.clone();
    let prefix = page.prefix.clone();
    let title = if prefix.is_empty() {
        format!("Block storage backups in {}", place.bucket)
    } else {
        own_name(&prefix)
    };
    let way = crumbs(&place, &prefix, blocks_href);
    let more = page.more.then(|| {
        view! {
            <Notice tone=Tone::Warn title="There are more than are shown">
                <p>"Only the first 200 folders were read, so chains that reach further are not judged. Go to a folder further down."</p>
            </Notice>
        }
    });
    let nothing = (page.folders.is_empty() && page.snapshots.is_empty()).then(|| {
        view! {
            <Empty title="No backups of block storage here">
                <p>"A snapshot is a folder with a folder Header and a folder Footer in it; clusters and volumes are the folders above."</p>
            </Empty>
        }
    });
    view! {
        <PageHead title=title crumbs=way/>
        <p class="form-actions">
            <a class="button" href=browse_href(&place, &prefix)>"Show the keys"</a>
            <a class="button" href=copy_href(&place, &prefix)>"Copy this prefix"</a>
        </p>
        {more}
        {nothing}
        {folders(&page)}
        {snapshots(page.snapshots)}
    }
}

fn folders(page: &BlockPage) -> AnyView {
    if page.folders.is_empty() {
        return ().into_any();
    }
    let rows = page
        .folders
        .iter()
        .map(|folder| {
            let href = blocks_href(&page.place, &folder.prefix);
            view! { <tr><td class="cell-name"><a class="row-link" href=href>{folder.name.clone()}</a></td></tr> }
        })
        .collect_view();
    view! {
        <Table label="Clusters and volumes" columns=vec![Column::text("Cluster or volume")]>
            {rows}
        </Table>
    }
    .into_any()
}

fn snapshots(snapshots: Vec<SnapshotView>) -> AnyView {
    if snapshots.is_empty() {
        return ().into_any();
    }
    let rows = snapshots.into_iter().map(snapshot).collect_view();
    view! {
        <section aria-labelledby="snapshots-title">
            <h2 id="snapshots-title">"Snapshots"</h2>
            <Table
                label="Snapshots"
                columns=vec![
                    Column::text("Snapshot"),
                    Column::text("Integrity"),
                    Column::text("Created"),
                    Column::number("Size"),
                    Column::text("Volume"),
                    Column::text("Builds on"),
                    Column::number("Needed by"),
                ]
            >
                {rows}
            </Table>
            <p class="field-hint">"Integrity is what the files say: that header and footer are whole and agree, and that everything a snapshot builds on is there and whole too. The SHA-256 is the footer's; the data itself is not read here."</p>
        </section>
    }
    .into_any()
}

fn snapshot(view: SnapshotView) -> impl IntoView {
    let (tone, word) = match view.integrity.verdict {
        Verdict::Pass => (Tone::Good, "whole"),
        Verdict::Warn => (Tone::Warn, "unfinished"),
        Verdict::Fail => (Tone::Bad, "broken"),
        Verdict::Unknown => (Tone::Unknown, "not known"),
    };
    let size = view
        .footer
        .as_ref()
        .map(|footer| footer.size)
        .or_else(|| view.header.as_ref().and_then(|header| header.size));
    let volume = view
        .header
        .as_ref()
        .and_then(|header| header.volume.clone());
    let digest = view.footer.as_ref().map(
        |footer| view! { <p class="cell-note">"SHA-256 " <code>{footer.sha256.clone()}</code></p> },
    );
    let builds_on = if view.builds_on.is_empty() {
        "nothing: it is a full one".to_owned()
    } else {
        view.builds_on.join(", ")
    };
    view! {
        <tr>
            <td class="cell-name">{view.name} {digest}</td>
            <td class="cell-wide"><Badge tone=tone text=word/> <p class="cell-note">{view.integrity.why}</p></td>
            <td>{view.made.map(|at| view! { <Moment at style=Style::Both/> })}</td>
            <td class="numeric">{size.map(bytes)}</td>
            <td>{volume}</td>
            <td class="cell-wide">{builds_on}</td>
            <td class="numeric">{count(view.needed_by)}</td>
        </tr>
    }
}
