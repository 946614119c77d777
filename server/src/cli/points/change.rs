use std::fmt::Write as _;

use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Invalid,
    change::{ChangePlan, ChangeRequest, ColdChange, PointAction, PointPick, PointSelection},
};
use tidemark_services::points::change::{self, Confirmed};

use super::filter::Which;
use crate::cli::{CliError, Global, Outcome, watch};

/// Which points, and whether it begins.
#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    which: Which,
    /// Just these points, each as account/ARN, in place of a filter
    #[arg(long = "point", value_name = "ACCOUNT/ARN")]
    points: Vec<String>,
    /// Every recovery point of every account: must be said when there is neither a filter nor a point
    #[arg(long)]
    all: bool,
    /// What the plan asks to be typed; without it the plan is shown and nothing begins
    #[arg(long, value_name = "TEXT")]
    confirm: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark points delete --vault daily --older-than 90\n  tidemark points delete --vault daily --older-than 90 --confirm daily --reason 'cleaning up' --watch"
)]
pub(crate) struct Delete {
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark points keep --vault daily --days 400 --confirm daily --reason 'policy 7'"
)]
pub(crate) struct Keep {
    /// Days until deletion, from each point's creation; for ever by default
    #[arg(long)]
    days: Option<i64>,
    /// Days until cold storage; as each point has it by default
    #[arg(long, conflicts_with = "never_cold")]
    cold_after_days: Option<i64>,
    /// Never move to cold storage
    #[arg(long)]
    never_cold: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn delete(global: &Global, options: &Delete) -> Result<Outcome, CliError> {
    change(global, PointAction::Delete, &options.common).await
}

pub(super) async fn keep(global: &Global, options: &Keep) -> Result<Outcome, CliError> {
    let cold = match (options.cold_after_days, options.never_cold) {
        (Some(days), _) => ColdChange::After { days },
        (None, true) => ColdChange::Never,
        (None, false) => ColdChange::Keep,
    };
    let action = PointAction::ChangeLifecycle {
        cold,
        delete_after_days: options.days,
    };
    change(global, action, &options.common).await
}

async fn change(
    global: &Global,
    action: PointAction,
    common: &Common,
) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let filter = common.which.filter(services.clock.now())?;
    let selection = if common.points.is_empty() {
        PointSelection::Matching(Box::new(filter))
    } else if !filter.takes_everything() {
        return Err(Invalid::new(
            "point",
            "must not be given together with a filter: say either what is meant",
        )
        .into());
    } else {
        let picks = common.points.iter().map(|pick| PointPick::parse(pick));
        PointSelection::Picked(picks.collect::<Result<_, _>>()?)
    };
    let request = ChangeRequest {
        action,
        selection,
        all: common.all,
    };
    let plan = change::plan(services, caller, request.clone()).await?;
    let output = global.output();
    let Some(confirmation) = &common.confirm else {
        output.text(&plan, |plan| {
            format!(
                "{}\nNothing was begun. To begin: --confirm '{}' --reason '…'",
                words(plan),
                plan.confirmation
            )
        })?;
        return Ok(Outcome::Done);
    };
    let confirmed = Confirmed {
        digest: plan.digest.clone(),
        confirmation: confirmation.clone(),
        reason: common.reason.clone(),
        token: String::new(),
    };
    let run = change::start(services, caller, request, &confirmed).await?;
    output.text(&json!({"run": run, "plan": plan}), |_| {
        format!(
            "{}\nRun {run} was begun. Follow it: tidemark runs watch {run}",
            words(&plan)
        )
    })?;
    if common.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

/// The plan in a few lines.
fn words(plan: &ChangePlan) -> String {
    let verb = match plan.request.action {
        PointAction::Delete => "deleted",
        PointAction::ChangeLifecycle { .. } => "changed",
    };
    let mut lines = vec![format!(
        "{} recovery points are {verb} ({} bytes), {} are left.",
        plan.points,
        plan.bytes,
        plan.left_points()
    )];
    for target in &plan.targets {
        lines.push(format!(
            "  {} in {} of {} ({})",
            target.points, target.vault, target.account, target.region
        ));
    }
    for group in &plan.left {
        lines.push(format!(
            "  left: {} {}. {}",
            group.points,
            group.keep.label(),
            group.keep.why()
        ));
    }
    if plan.early.charged() > 0 {
        let early = &plan.early;
        let mut line = format!(
            "  {} are in cold storage for fewer than 90 days: the remaining days are charged all the same, about {:.2} {}",
            early.charged(),
            early.amount,
            early.currency
        );
        if early.unknown > 0 {
            let _ = write!(
                line,
                " and more for {} without a size or a price",
                early.unknown
            );
        }
        lines.push(line);
    }
    if plan.due_at_once > 0 {
        lines.push(format!("  due for deletion at once: {}", plan.due_at_once));
    }
    for reach in &plan.last_points {
        lines.push(format!(
            "  {} loses its last usable recovery point",
            reach.name
        ));
    }
    lines.join("\n")
}
