use leptos::prelude::*;
use tidemark_domain::timeline::TimelineRow;

use super::{Links, spots};
use crate::components::{Column, Moment, Style, Table};

/// Everything that lanes show, as a table: for those who cannot use a drawing.
#[component]
pub(crate) fn MarkTable(
    /// The lanes.
    rows: Vec<TimelineRow>,
    /// Where the rows lead.
    links: Links,
) -> impl IntoView {
    let lines = rows
        .iter()
        .flat_map(|row| {
            spots(&row.lane)
                .into_iter()
                .map(|spot| {
                    let href = links.of(&spot, &row.lane, &row.resource);
                    (spot.at, row.resource.name.clone(), spot.name(), href)
                })
                .collect::<Vec<_>>()
        })
        .map(|(at, resource, name, href)| {
            view! {
                <tr>
                    <td class="cell-name">{resource}</td>
                    <td><Moment at style=Style::Exact/></td>
                    <td class="cell-wide"><a href=href>{name}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="What the timeline shows"
            columns=vec![Column::text("Resource"), Column::text("When"), Column::text("What")]
        >
            {lines}
        </Table>
    }
}
