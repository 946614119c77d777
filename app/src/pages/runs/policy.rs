//! What came of a change of a bucket's policy, and the way back.

use leptos::prelude::*;
use tidemark_domain::{
    Arn,
    policy::AccessProof,
    runs::{RunId, RunLabels, RunView, StepState},
};

use crate::{
    components::{Notice, Tone},
    server_fns::policies::AccessQuery,
};

/// Whether runs of this kind change the policy of a bucket.
pub(super) fn is_policy(kind: &str) -> bool {
    kind == "set-bucket-policy"
}

/// How access was proved.
pub(super) fn proved(view: &RunView) -> Option<AnyView> {
    let proof: AccessProof = serde_json::from_value(view.summary.get("proof")?.clone()).ok()?;
    let lines = proof
        .grants
        .into_iter()
        .map(|grant| view! { <li>{grant.detail}" "<span class="muted">{grant.how.as_str()}</span></li> })
        .collect_view();
    let notes = proof
        .notes
        .into_iter()
        .map(|note| view! { <p class="field-hint">{note}</p> })
        .collect_view();
    Some(
        view! {
            <Notice tone=Tone::Good title="Findings">
                <ul>{lines}</ul>
                {notes}
            </Notice>
        }
        .into_any(),
    )
}

/// The link by which the policy becomes again what it was before the run, once the run has put another.
pub(super) fn give_back(id: RunId, labels: &RunLabels, view: &RunView) -> Option<AnyView> {
    let put = view.step("put-bucket-policy")?;
    if !view.state.is_terminal() || put.state != StepState::Succeeded {
        return None;
    }
    let bucket = Arn::parse(labels.resource.as_deref()?).ok()?;
    let query = AccessQuery::default().with(&[
        ("account", labels.account.as_deref()?),
        ("region", labels.region.as_deref()?),
        ("bucket", bucket.resource()),
    ]);
    let access = query.href();
    let back = query
        .with(&[("do", "return"), ("run", &id.to_string())])
        .href();
    Some(
        view! {
            <p>
                <a class="button" href=access>"Look at the bucket's policy"</a>
                " "
                <a class="button" href=back>"Give the policy back as it was before"</a>
            </p>
        }
        .into_any(),
    )
}
