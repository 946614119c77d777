use leptos::prelude::*;
use tidemark_domain::PointSource;

use super::mark::{LOCK, outline};

/// What the marks of a lane mean.
#[component]
pub(crate) fn Legend(
    /// The sources that occur.
    sources: Vec<PointSource>,
) -> impl IntoView {
    let shapes = sources
        .into_iter()
        .map(|source| {
            view! {
                <li>
                    <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                        <path d=outline(source)></path>
                    </svg>
                    {source.as_str()}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="legend" aria-label="Meaning of the marks">
            {shapes}
            <li>
                <svg class="legend-sign mark" data-tier="warm" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path d=outline(PointSource::AwsBackup)></path>
                </svg>
                "warm"
            </li>
            <li>
                <svg class="legend-sign mark" data-tier="cold" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path d=outline(PointSource::AwsBackup)></path>
                </svg>
                "cold"
            </li>
            <li>
                <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                    <rect class="lane-band" x="-9" y="-6" width="18" height="12"></rect>
                </svg>
                "any second"
            </li>
            <li>
                <svg class="legend-sign" viewBox="-9 -9 18 18" aria-hidden="true">
                    <path class="lane-lock" d=LOCK></path>
                </svg>
                "locked"
            </li>
            <li><span aria-hidden="true">"!"</span> " not as it should be"</li>
        </ul>
    }
}
