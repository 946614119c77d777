//! What became of the items of a run, for kinds that work through a list of recovery points.

use leptos::prelude::*;
use tidemark_domain::{
    change::{RunItem, TargetCounts},
    runs::{RunId, RunView},
};

use crate::{
    components::{
        AccountLabel, Column, Copyable, Empty, ItemBadge, Moment, Notice, Pagination, Style, Table,
        Tone, load,
    },
    format::{bytes, count, counted},
    pages::{points::point_href, resources::resource_href, search},
    query::{Query, pairs},
    server_fns::runs::{RunItems, list_run_items},
};

/// Whether runs of this kind work through a list of points.
pub(super) fn is_change(kind: &str) -> bool {
    matches!(kind, "delete_points" | "change_lifecycle" | "copy-points")
}

/// The word for what is done to a point.
fn done(kind: &str) -> &'static str {
    match kind {
        "delete_points" => "deleted",
        "copy-points" => "copied",
        _ => "changed",
    }
}

/// What a cancelled run of this kind leaves behind, in words.
pub(super) fn when_cancelled(kind: &str) -> String {
    if kind == "copy-points" {
        return "what was copied stays, and copy jobs that were under way go on: AWS Backup cannot stop them".to_owned();
    }
    format!(
        "what was {} stays so, the rest was left as it is",
        done(kind)
    )
}

/// What came of a run that has ended well.
pub(super) fn outcome(view: &RunView) -> Option<AnyView> {
    if !is_change(&view.kind) {
        return None;
    }
    let number = |field: &str| {
        view.summary
            .get(field)
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0)
    };
    let word = done(&view.kind);
    let title = format!(
        "{} {word}",
        counted(number("done"), "recovery point", "recovery points")
    );
    let freed = (view.kind == "delete_points")
        .then(|| view! { <p>{format!("{} freed.", bytes(number("bytes")))}</p> });
    let left = (number("left") > 0).then(|| {
        view! { <p>{format!("{} skipped; each says why below.", count(number("left")))}</p> }
    });
    Some(view! { <Notice tone=Tone::Good title=title>{freed}{left}</Notice> }.into_any())
}

/// The results point by point, read anew whenever the run has moved on.
pub(super) fn results_section(id: RunId, kind: String, moved: Memo<u64>) -> AnyView {
    if !is_change(&kind) {
        return ().into_any();
    }
    let search = search();
    let chosen = Memo::new(move |_| {
        let pairs = pairs(&search.get());
        let field = |name: &str| {
            pairs
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        (field("result"), field("cursor"))
    });
    let items = Resource::new_blocking(
        move || (chosen.get(), moved.get()),
        move |((state, cursor), _)| list_run_items(id.to_string(), state, cursor),
    );
    let done = done(&kind);
    view! {
        <section aria-labelledby="results-title">
            <h2 id="results-title">"Results"</h2>
            {load(items, move |items| {
                let (state, cursor) = chosen.get_untracked();
                show(id, items, &state, &cursor, done)
            })}
        </section>
    }
    .into_any()
}

fn show(id: RunId, items: RunItems, state: &str, cursor: &str, done: &'static str) -> AnyView {
    let here = |state: &str, cursor: &str| {
        let mut query = Query::default();
        query.push("result", state).push("cursor", cursor);
        format!("{}#results-title", query.on(&format!("/runs/{id}")))
    };
    let total = |of: fn(&TargetCounts) -> u64| items.targets.iter().map(of).sum::<u64>();
    let choices = [
        ("", "all", total(TargetCounts::total)),
        ("failed", "failed", total(|t| t.failed)),
        ("left", "left", total(|t| t.left)),
        ("done", done, total(|t| t.done)),
        ("pending", "pending", total(|t| t.pending)),
    ]
    .into_iter()
    .map(|(word, label, number)| {
        let current = (word == state).then_some("true");
        let href = here(word, "");
        view! { <li><a class="choice" href=href aria-current=current>{label} " " {count(number)}</a></li> }
    })
    .collect_view();
    let first = (!cursor.is_empty()).then(|| here(state, ""));
    let next = items.page.next.as_deref().map(|cursor| here(state, cursor));
    let list = if items.page.items.is_empty() {
        view! {
            <Empty title="No point stands so"><p>"Choose another state above."</p></Empty>
        }
        .into_any()
    } else {
        let summary = format!(
            "{} on this page",
            counted(items.page.items.len() as u64, "result", "results")
        );
        let rows = items
            .page
            .items
            .into_iter()
            .map(|item| row(item, done))
            .collect_view();
        view! {
            <Table
                label="Results"
                columns=vec![
                    Column::text("Resource"),
                    Column::text("Point made"),
                    Column::text("Result"),
                    Column::text("Reason"),
                    Column::text("Vault"),
                    Column::text("When"),
                ]
            >
                {rows}
            </Table>
            <Pagination summary first next/>
        }
        .into_any()
    };
    view! {
        {by_vault(items.targets, done)}
        <ul class="choices" aria-label="Result">{choices}</ul>
        {list}
    }
    .into_any()
}

fn by_vault(targets: Vec<TargetCounts>, done: &'static str) -> AnyView {
    let rows = targets
        .into_iter()
        .map(|target| {
            view! {
                <tr>
                    <th scope="row">{if target.vault.is_empty() { "outside vaults".to_owned() } else { target.vault.clone() }}</th>
                    <td><AccountLabel alias="" id=target.account.as_str()/> " " {target.region.to_string()}</td>
                    <td class="numeric">{count(target.done)}</td>
                    <td class="numeric">{count(target.left)}</td>
                    <td class="numeric">{count(target.failed)}</td>
                    <td class="numeric">{count(target.pending + target.asked)}</td>
                </tr>
            }
        })
        .collect_view();
    let heading = if done == "deleted" {
        "Deleted"
    } else {
        "Changed"
    };
    view! {
        <Table
            label="By vault"
            columns=vec![
                Column::text("Vault"),
                Column::text("Location"),
                Column::number(heading),
                Column::number("Left"),
                Column::number("Failed"),
                Column::number("To go"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(item: RunItem, done: &'static str) -> impl IntoView {
    let request = item.request_id.map(|id| {
        view! { <p class="cell-note">"Request id " <Copyable text=id label="request id"/></p> }
    });
    let name = item.resource.name().to_owned();
    view! {
        <tr>
            <td class="cell-name"><a href=resource_href(&item.resource)>{name}</a></td>
            <td><a class="row-link" href=point_href(&item.point)><Moment at=item.created_at style=Style::Exact/></a></td>
            <td><ItemBadge state=item.state done/></td>
            <td class="cell-wide">{item.message} {request}</td>
            <td class="nowrap">{item.vault}</td>
            <td class="nowrap">{item.at.map(|at| view! { <Moment at/> })}</td>
        </tr>
    }
}
