use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Page,
    plan::PlanDraft,
    selection::{DryRunCounts, DryRunList, DryRunRow},
};

use super::super::review::dry_run_row;
use crate::{
    components::{Column, Stat, Table, Tone, load},
    error::AppError,
    format::count,
    pages::search,
    query::pairs,
    server_fns::plans::{PlanAddress, dry_run_plan, list_dry_run},
};

const LISTS: [(&str, DryRunList, &str); 4] = [
    ("taken", DryRunList::Taken, "Taken by any plan here"),
    ("twice", DryRunList::Twice, "In several plans"),
    ("opt-in", DryRunList::ByOptIn, "Taken only by opt-in"),
    ("missed", DryRunList::Missed, "Missed by every plan here"),
];

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Found {
    counts: DryRunCounts,
    list: Option<Page<DryRunRow>>,
}

async fn look(draft: PlanDraft, list: String, cursor: String) -> Result<Found, AppError> {
    let asked = LISTS.into_iter().find(|(name, _, _)| *name == list);
    Ok(Found {
        counts: dry_run_plan(draft.clone()).await?,
        list: match asked {
            Some((_, list, _)) => Some(list_dry_run(draft, list, cursor).await?),
            None => None,
        },
    })
}

/// What the plan takes as it stands: the counts, and a list when one is asked for.
pub(super) fn taken(address: PlanAddress, draft: PlanDraft) -> impl IntoView {
    let search = search();
    let asked = Memo::new(move |_| {
        let value = |wanted: &str| {
            pairs(&search.get())
                .into_iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
                .unwrap_or_default()
        };
        (value("list"), value("cursor"))
    });
    let found = Resource::new_blocking(
        move || asked.get(),
        move |(list, cursor)| look(draft.clone(), list, cursor),
    );
    let stored = StoredValue::new(address);
    view! {
        <section aria-labelledby="taken-title">
            <h2 id="taken-title">"Selected resources"</h2>
            {load(found, move |found| {
                let (list, _) = asked.get_untracked();
                show(found, &stored.get_value(), &list).into_any()
            })}
        </section>
    }
}

fn show(found: Found, address: &PlanAddress, list: &str) -> impl IntoView + use<> {
    let own = own(&found.counts, &address.id);
    let href = |name: &str| {
        let mut query = address.query();
        query.push("list", name);
        format!("{}#taken-title", query.on("/plans/view"))
    };
    let counts = &found.counts;
    let listed = found.list.map(|page| {
        let title = LISTS
            .into_iter()
            .find(|(name, _, _)| *name == list)
            .map_or("", |(_, _, title)| title);
        let next = page.next.map(|cursor| {
            let mut query = address.query();
            query.push("list", list).push("cursor", &cursor);
            let href = format!("{}#taken-title", query.on("/plans/view"));
            view! { <a class="button" href=href>"Next page"</a> }
        });
        let rows = page.items.into_iter().map(dry_run_row).collect_view();
        view! {
            <h3>{title}</h3>
            <Table
                label=title
                columns=vec![Column::text("Resource"), Column::text("Type"), Column::text("By what")]
            >
                {rows}
            </Table>
            {next}
        }
    });
    let warn = |number: u64| {
        if number > 0 {
            Tone::Warn
        } else {
            Tone::Neutral
        }
    };
    view! {
        <dl class="stats">
            <Stat label="Taken" value=count(own) note="by this plan" href=href("taken")/>
            <Stat label="In several plans" value=count(counts.twice) note="by several plans or selections"
                tone=warn(counts.twice) href=href("twice")/>
            <Stat label="By service opt-in" value=count(counts.by_opt_in)
                note="as long as their type is opted in" href=href("opt-in")/>
            <Stat label="Missed" value=count(counts.missed)
                note=format!("of {} here, by every plan", count(counts.resources))
                tone=warn(counts.missed) href=href("missed")/>
        </dl>
        {listed}
    }
}

/// Resources that this plan's clauses take.
fn own(counts: &DryRunCounts, plan: &str) -> u64 {
    counts
        .clauses
        .iter()
        .filter(|clause| clause.plan_id == plan)
        .map(|clause| clause.resources)
        .sum()
}
