use leptos::prelude::*;
use tidemark_domain::{Arn, Page, RecoveryPoint};

use crate::{
    components::{
        AccountLabel, Column, Empty, Expires, Moment, Pagination, PointBadge, Style, Table,
        TierBadge, load,
    },
    format::{bytes, counted},
    pages::{points::point_href, search},
    query::{Query, pairs},
    server_fns::points::list_points,
    wizard::Wizard,
};

/// The recovery points as a table: the timeline for those who cannot use a drawing, and more.
pub(super) fn points_section(arn: Arn, restores: bool) -> impl IntoView {
    let search = search();
    let cursor = Memo::new(move |_| cursor_of(&search.get()));
    let resource = arn.to_string();
    let points = Resource::new_blocking(
        move || cursor.get(),
        move |cursor| list_points(resource.clone(), cursor),
    );
    let arn = StoredValue::new(arn);
    view! {
        <section aria-labelledby="points-title">
            <h2 id="points-title">"Recovery points"</h2>
            {load(points, move |page| {
                let arn = arn.get_value();
                let choose = Wizard::of(&arn);
                let here = |cursor: &str| {
                    let mut query = Query::default();
                    query.push("arn", arn.as_str()).push("points", cursor);
                    format!("{}#points-title", query.on("/resources/view"))
                };
                let first = (!cursor.get_untracked().is_empty()).then(|| here(""));
                let next = page.next.as_deref().map(here);
                points_table(page, restores.then_some(&choose), "Restore", first, next)
            })}
        </section>
    }
}

fn cursor_of(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "points")
        .map(|(_, cursor)| cursor)
        .unwrap_or_default()
}

/// A page of recovery points; with a wizard, each usable one can be chosen.
pub(crate) fn points_table(
    page: Page<RecoveryPoint>,
    wizard: Option<&Wizard>,
    verb: &'static str,
    first: Option<String>,
    next: Option<String>,
) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <Empty title="There is no recovery point">
                <p>"A backup made now, or by a backup plan, appears here when it is complete."</p>
            </Empty>
        }
        .into_any();
    }
    let shown = counted(page.items.len() as u64, "recovery point", "recovery points");
    let summary = match page.total {
        Some(total) => format!("{shown} on this page, {total} in all, newest first"),
        None => format!("{shown} on this page, newest first"),
    };
    let rows = page
        .items
        .into_iter()
        .map(|point| row(point, wizard, verb))
        .collect_view();
    view! {
        <Table
            label="Recovery points"
            columns=vec![
                Column::text("Created"),
                Column::text("Status"),
                Column::text("Tier"),
                Column::number("Size"),
                Column::text("Source"),
                Column::text("Vault"),
                Column::text("Location"),
                Column::text("Expires"),
                Column::text("Actions"),
            ]
        >
            {rows}
        </Table>
        <Pagination summary first next/>
    }
    .into_any()
}

fn row(point: RecoveryPoint, wizard: Option<&Wizard>, verb: &'static str) -> impl IntoView + use<> {
    let button = wizard.filter(|_| point.is_usable()).map(|wizard| {
        let chosen = wizard.point == point.arn.as_str();
        let href = wizard.clone().from_point(&point).href();
        let name = format!("{verb} the point of {}", crate::format::utc(point.created_at));
        view! {
            <a class="button button-small row-link" href=href aria-label=name aria-current=chosen.then_some("true")>
                {verb}
            </a>
        }
    });
    let copied = point.is_copy().then_some("copy of another point");
    view! {
        <tr>
            <td><a href=point_href(&point.arn)><Moment at=point.created_at style=Style::Both/></a></td>
            <td><PointBadge point=point.clone()/></td>
            <td><TierBadge tier=point.tier/></td>
            <td class="numeric">{point.size_bytes.map(bytes)}</td>
            <td>{point.source.as_str()} <p class="cell-note">{copied}</p></td>
            <td class="nowrap">{point.vault}</td>
            <td class="nowrap">
                <AccountLabel alias="" id=point.account.as_str()/>
                <p class="cell-line">{point.region.to_string()}</p>
            </td>
            <td><Expires cold_at=point.cold_at delete_at=point.delete_at held=point.held/></td>
            <td>{button}</td>
        </tr>
    }
}
