use tidemark_domain::runs::{Outcome, RunView};

/// How a run over several targets ended: partly failed, where its report counts failures.
pub(crate) fn partly(view: &RunView, report: &str, outcome: Outcome) -> Outcome {
    let failed = view
        .step(report)
        .and_then(|step| step.output["failed"].as_u64())
        .unwrap_or(0);
    if failed > 0 {
        Outcome::PartlyFailed
    } else {
        outcome
    }
}
