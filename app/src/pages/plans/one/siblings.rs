use leptos::prelude::*;
use tidemark_domain::plan::PlanSibling;

use super::super::review::difference_table;
use crate::{
    components::{AccountLabel, Badge, Disclosure, Tone},
    format::counted,
    server_fns::plans::PlanAddress,
};

/// Plans of the same name elsewhere, and in what they drifted from this one.
pub(super) fn siblings(siblings: Vec<PlanSibling>, name: &str) -> Option<impl IntoView + use<>> {
    if siblings.is_empty() {
        return None;
    }
    let title = format!("{name} elsewhere");
    let each = siblings.into_iter().map(one).collect_view();
    Some(view! {
        <section aria-labelledby="siblings-title">
            <h2 id="siblings-title">{title}</h2>
            <ul class="plan-siblings">{each}</ul>
        </section>
    })
}

fn one(sibling: PlanSibling) -> impl IntoView {
    let href = PlanAddress {
        account: sibling.account.to_string(),
        region: sibling.region.to_string(),
        id: sibling.id,
    }
    .on("/plans/view");
    let drift = if sibling.differences.is_empty() {
        view! { <Badge tone=Tone::Good text="the same"/> }.into_any()
    } else {
        let text = counted(
            sibling.differences.len() as u64,
            "difference",
            "differences",
        );
        view! { <Badge tone=Tone::Warn text=text/> }.into_any()
    };
    let shown = (!sibling.differences.is_empty()).then(|| {
        let differences = sibling.differences;
        view! {
            <Disclosure summary="In what it differs: here, and there">
                {difference_table("Differences", differences)}
            </Disclosure>
        }
    });
    view! {
        <li>
            <a href=href><AccountLabel alias=sibling.alias id=sibling.account.as_str()/> ", " {sibling.region.to_string()}</a>
            " " {drift}
            {shown}
        </li>
    }
}
