use leptos::prelude::*;
use tidemark_domain::{Check, Verdict};

use super::{Badge, Tone};

/// What was checked, how each stands, and how to mend it.
#[component]
pub(crate) fn CheckList(
    /// The checks in order.
    checks: Vec<Check>,
) -> impl IntoView {
    let items = checks.into_iter().map(item).collect_view();
    view! { <ul class="checks">{items}</ul> }
}

fn item(check: Check) -> impl IntoView {
    let fix = (!check.fix.is_empty()).then(|| {
        view! { <p class="check-fix"><strong>"What to do: "</strong>{check.fix}</p> }
    });
    view! {
        <li class="check" data-verdict=verdict_name(check.verdict)>
            <Badge tone=tone_of(check.verdict) text=check.verdict.as_str()/>
            <div>
                <p class="check-name">{check.name}</p>
                <p class="check-detail">{check.detail}</p>
                {fix}
            </div>
        </li>
    }
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
        Verdict::Unknown => "unknown",
    }
}

fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Warn => Tone::Warn,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Unknown,
    }
}
