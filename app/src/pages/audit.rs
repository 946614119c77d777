use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::Page;

use super::search;
use crate::{
    components::{
        Badge, Column, Empty, Field, FormError, GetForm, Moment, Notice, PageHead, Pagination,
        PostForm, Style, Table, Tone, load,
    },
    format::count,
    outcome::success,
    server_fns::audit::{AuditQuery, AuditRow, ChainState, VerifyAudit, list_audit},
};

/// Who did what, newest first, and whether the log can be trusted.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let search = search();
    let rows = Resource::new_blocking(
        move || search.get(),
        |query| list_audit(AuditQuery::parse(&query)),
    );
    let filter = AuditQuery::parse(&search.get_untracked());
    view! {
        <PageHead title="Audit">
            <PostForm action=VerifyAudit::PATH><button class="button">"Verify the chain"</button></PostForm>
        </PageHead>
        <FormError action=VerifyAudit::PATH/>
        {success::<ChainState>(VerifyAudit::PATH).map(verdict)}
        <GetForm action="/audit" class="filters" role="search" label="Filter the log">
            <Field label="Who" name="actor" value=filter.actor/>
            <Field label="Action" name="action" value=filter.action/>
            <button class="button">"Filter"</button>
        </GetForm>
        {load(rows, move |page| show(page, &AuditQuery::parse(&search.get_untracked())))}
    }
}

fn verdict(state: ChainState) -> impl IntoView {
    match state {
        ChainState::Holds(entries) => view! {
            <Notice tone=Tone::Good title="The chain holds">
                <p>{format!("{} entries: none was altered, removed or reordered.", count(entries))}</p>
            </Notice>
        }
        .into_any(),
        ChainState::BrokenAt(number) => view! {
            <Notice tone=Tone::Bad title="The chain is broken">
                <p>{format!("Entry {number} does not follow the one before it: the log was altered, cut or reordered there.")}</p>
                <p>"Compare it with an exported copy, and treat what lies before it with suspicion."</p>
            </Notice>
        }
        .into_any(),
    }
}

fn show(page: Page<AuditRow>, query: &AuditQuery) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <Empty title="No entry matches"><p><a href="/audit">"Show all"</a></p></Empty>
        }
        .into_any();
    }
    let summary = format!("{} entries on this page", page.items.len());
    let first = (!query.cursor.is_empty()).then(|| query.href(""));
    let next = page.next.map(|cursor| query.href(&cursor));
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Audit log"
            columns=vec![
                Column::number("No."),
                Column::text("When"),
                Column::text("Who"),
                Column::text("What"),
                Column::text("Result"),
                Column::text("Target"),
                Column::text("Detail"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn row(row: AuditRow) -> impl IntoView {
    let tone = match row.outcome.as_str() {
        "allowed" => Tone::Good,
        "denied" => Tone::Warn,
        _ => Tone::Bad,
    };
    let digest = row
        .plan_digest
        .map(|digest| view! { <p class="cell-note">"plan " <code>{digest}</code></p> });
    view! {
        <tr>
            <td class="numeric">{row.number}</td>
            <td><Moment at=row.at style=Style::Both/></td>
            <td>{row.actor} <p class="cell-note">{row.origin}</p></td>
            <td><code>{row.action}</code></td>
            <td><Badge tone text=row.outcome/></td>
            <td class="cell-wide"><code>{row.subject}</code></td>
            <td class="cell-wide">{row.detail}{digest}</td>
        </tr>
    }
}
