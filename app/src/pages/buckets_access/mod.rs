//! Who else may use a bucket: its policy, roles that get access, and whether they have it.

mod choose;
mod grant;
mod page;
mod plan;
mod proof;
mod shown;

pub(crate) use page::AccessPage;
pub(crate) use plan::change_row as statement_row;

use leptos::prelude::*;
use tidemark_domain::policy::{Danger, PolicyFinding};

use crate::components::{Badge, Tone};

/// What is dangerous or doubtful, the worst first.
pub(crate) fn findings(found: Vec<PolicyFinding>) -> AnyView {
    if found.is_empty() {
        return view! { <p class="muted">"Nothing dangerous was found in it."</p> }.into_any();
    }
    let items = found
        .into_iter()
        .map(|finding| {
            let tone = match finding.danger {
                Danger::High => Tone::Bad,
                Danger::Medium => Tone::Warn,
                Danger::Low => Tone::Neutral,
            };
            let name = finding
                .statement
                .unwrap_or_else(|| "The whole policy".to_owned());
            view! {
                <li class="check">
                    <Badge tone=tone text=finding.danger.as_str()/>
                    <div>
                        <p class="check-name">{name}</p>
                        <p class="check-detail">{finding.what}</p>
                        <p class="check-fix"><strong>"What to do: "</strong>{finding.fix}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="checks">{items}</ul> }.into_any()
}
