use leptos::prelude::*;
use tidemark_domain::timeline::TimelineRow;

use super::{
    Links,
    markup::{Markup, escape},
    spots,
};
use crate::format::{machine, utc};

/// Everything that lanes show, as a table: for those who cannot use a drawing.
#[component]
pub(crate) fn MarkTable(
    /// The lanes.
    rows: Vec<TimelineRow>,
    /// Where the rows lead.
    links: Links,
) -> impl IntoView {
    let mut to = Markup::default();
    for row in &rows {
        let mut spots = spots(&row.lane);
        spots.sort_by_key(|spot| spot.at);
        for spot in spots {
            to.push(format_args!(
                "<tr><td class=\"cell-name\">{}</td>\
                 <td class=\"nowrap\"><time datetime=\"{}\">{}</time></td>\
                 <td class=\"cell-wide\"><a href=\"{}\">{}</a></td></tr>",
                escape(&row.resource.name),
                machine(spot.at),
                utc(spot.at),
                escape(&links.of(&spot, &row.lane, &row.resource)),
                escape(&spot.name())
            ));
        }
    }
    view! {
        <div class="table-frame" role="group" aria-label="What the timeline shows" tabindex="0">
            <table class="table">
                <caption class="visually-hidden">"What the timeline shows"</caption>
                <thead>
                    <tr><th scope="col">"Resource"</th><th scope="col">"When"</th><th scope="col">"What"</th></tr>
                </thead>
                <tbody inner_html=to.into_string()></tbody>
            </table>
        </div>
    }
}
