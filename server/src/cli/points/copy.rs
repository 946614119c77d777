use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Arn, Invalid,
    change::{NewLifecycle, PointPick, PointSelection},
    copies::{CopyLevel, CopyPlan, CopyRequest},
};
use tidemark_services::points::copy::{self, CopyConfirmed};

use super::filter::Which;
use crate::cli::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[command(
    after_help = "Example:\n  tidemark points copy --vault daily --to arn:aws:backup:eu-central-1:111122223333:backup-vault:copies\n  tidemark points copy --vault daily --to arn:aws:backup:eu-central-1:111122223333:backup-vault:copies --start --reason 'a second Region' --watch"
)]
pub(crate) struct Copy {
    #[command(flatten)]
    which: Which,
    /// Just these points, each as account/ARN, in place of a filter
    #[arg(long = "point", value_name = "ACCOUNT/ARN")]
    points: Vec<String>,
    /// Every recovery point of every account: must be said when there is neither a filter nor a point
    #[arg(long)]
    all: bool,
    /// ARN of the vault that is copied into
    #[arg(long, value_name = "ARN")]
    to: String,
    /// Days until deletion, from the creation of each source; as the source by default
    #[arg(long, conflicts_with = "keep_forever")]
    days: Option<i64>,
    /// Never delete the copies
    #[arg(long)]
    keep_forever: bool,
    /// Days until cold storage, with --days or --keep-forever; never by default
    #[arg(long)]
    cold_after_days: Option<i64>,
    /// ARN of the role that AWS Backup copies as; AWS Backup's default role by default
    #[arg(long, value_name = "ARN")]
    role: Option<String>,
    /// Try also the points whose copies are expected to fail
    #[arg(long)]
    anyway: bool,
    /// Begin; without it the plan is shown and nothing begins
    #[arg(long, requires = "reason")]
    start: bool,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

pub(super) async fn run(global: &Global, options: &Copy) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let request = request(options, services.clock.now())?;
    let plan = copy::plan(services, caller, request.clone()).await?;
    let output = global.output();
    if !options.start {
        output.text(&plan, |plan| {
            format!(
                "{}\nNothing was begun. To begin: --start --reason '…'",
                words(plan)
            )
        })?;
        return Ok(Outcome::Done);
    }
    let confirmed = CopyConfirmed {
        digest: plan.digest.clone(),
        reason: options.reason.clone().unwrap_or_default(),
        token: String::new(),
    };
    let run = copy::start(services, caller, request, &confirmed).await?;
    output.text(&json!({"run": run, "plan": plan}), |_| {
        format!(
            "{}\nRun {run} was begun. Follow it: tidemark runs watch {run}",
            words(&plan)
        )
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

fn request(options: &Copy, now: jiff::Timestamp) -> Result<CopyRequest, CliError> {
    let filter = options.which.filter(now)?;
    let selection = if options.points.is_empty() {
        PointSelection::Matching(Box::new(filter))
    } else if !filter.takes_everything() {
        return Err(Invalid::new(
            "point",
            "must not be given together with a filter: say either what is meant",
        )
        .into());
    } else {
        let picks = options.points.iter().map(|pick| PointPick::parse(pick));
        PointSelection::Picked(picks.collect::<Result<_, _>>()?)
    };
    let own = options.days.is_some() || options.keep_forever;
    if options.cold_after_days.is_some() && !own {
        return Err(Invalid::new(
            "cold-after-days",
            "must be given with --days or --keep-forever: copies that are kept as their sources go cold as these do",
        )
        .into());
    }
    Ok(CopyRequest {
        selection,
        all: options.all,
        destination: Arn::parse(options.to.as_str()).map_err(|error| error.in_field("to"))?,
        lifecycle: own.then_some(NewLifecycle {
            cold_after_days: options.cold_after_days,
            delete_after_days: options.days,
        }),
        service_role: options.role.clone(),
        anyway: options.anyway,
    })
}

/// The plan in a few lines.
fn words(plan: &CopyPlan) -> String {
    let to = &plan.destination;
    let mut lines = vec![format!(
        "{} recovery points are copied ({} bytes) into {} of {} ({}), {} are left.",
        plan.points, plan.bytes, to.vault, to.account, to.region, plan.left
    )];
    for source in &plan.sources {
        lines.push(format!(
            "  from {} of {} ({}): {}",
            source.vault, source.account, source.region, source.points
        ));
    }
    for finding in &plan.findings {
        let level = match finding.level {
            CopyLevel::Fails => "would fail",
            CopyLevel::Never => "skipped",
            CopyLevel::Note => "to know",
        };
        lines.push(format!(
            "  {level}, {} points: {} {}",
            finding.points, finding.text, finding.remedy
        ));
    }
    if plan.refused > 0 {
        lines.push("  To try what would fail all the same: --anyway".to_owned());
    }
    lines.join("\n")
}
