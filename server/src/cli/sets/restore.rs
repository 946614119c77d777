use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use tidemark_domain::{
    Invalid, Verdict,
    sets::{SetRestorePlan, SetRestoreRequest},
};
use tidemark_services::sets;

use super::text;
use crate::cli::{CliError, Global, Outcome, output::time, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark set restore mediation --at 2026-11-30T12:00:00Z\n  tidemark set restore mediation --switch --yes --reason 'bad deployment' --watch\n  tidemark set restore mediation --output json > plan.json && tidemark set restore --plan plan.json"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Options {
    /// Name of the set
    #[arg(required_unless_present = "plan", conflicts_with = "plan")]
    name: Option<String>,
    /// The chosen time; now by default
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Which of the combinations that `set recovery` shows for that time
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    combination: usize,
    /// A name for what is made of a member; may be given several times
    #[arg(long = "target", value_name = "MEMBER=NAME")]
    targets: Vec<String>,
    /// A member that is left alone; may be given several times
    #[arg(long = "leave-out", value_name = "MEMBER")]
    leave_out: Vec<String>,
    /// Switch the application over, once every member was restored and verified
    #[arg(long)]
    switch: bool,
    /// Take members without any data as they are
    #[arg(long)]
    allow_empty: bool,
    /// Start what was shown: the file holds the plan as --output json printed it; - reads standard input
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Start at once
    #[arg(long)]
    yes: bool,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

/// Shows what the restore of a set would do, and starts it where that was confirmed.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let output = global.output();
    let (mut request, digest) = if let Some(file) = &options.plan {
        let plan: SetRestorePlan = serde_json::from_str(&text(file)?).map_err(|error| {
            Invalid::new("plan", format!("must be a plan as it was shown: {error}"))
        })?;
        (plan.request, plan.digest)
    } else {
        let at = options.at.unwrap_or_else(|| services.clock.now());
        let name = options.name.as_deref().unwrap_or_default();
        let place = options.combination.saturating_sub(1);
        let proposed = sets::propose_restore(services, caller, name, at, place).await?;
        let plan = sets::plan_restore(services, caller, chosen(proposed, &options)?).await?;
        if !options.yes || !plan.can_start() {
            output.text(&plan, words)?;
            return Ok(if plan.can_start() {
                Outcome::Done
            } else {
                Outcome::Failed
            });
        }
        (plan.request, plan.digest)
    };
    if !options.reason.is_empty() {
        request.reason.clone_from(&options.reason);
    }
    let run = sets::restore(services, caller, request, &digest).await?;
    output.text(&json!({ "run": run }), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

/// What was proposed, as the options change it.
fn chosen(mut request: SetRestoreRequest, options: &Options) -> Result<SetRestoreRequest, Invalid> {
    let unknown =
        |field: &str, name: &str| Invalid::new(field, format!("{name} is no member of the set"));
    for target in &options.targets {
        let rule = "must be a member's name, = and the name of what is made";
        let (name, target) = target
            .split_once('=')
            .ok_or_else(|| Invalid::new("target", rule))?;
        let mut members = request.members.iter_mut();
        let member = members.find(|member| member.member == name);
        member.ok_or_else(|| unknown("target", name))?.target = Some(target.to_owned());
    }
    for name in &options.leave_out {
        let mut members = request.members.iter_mut();
        let member = members.find(|member| member.member == *name);
        member.ok_or_else(|| unknown("leave-out", name))?.leave_out = true;
    }
    request.switch = options.switch;
    request.allow_empty = options.allow_empty;
    Ok(request)
}

fn words(plan: &SetRestorePlan) -> String {
    let mut lines = Vec::new();
    for (wish, member) in plan.request.members.iter().zip(&plan.members) {
        lines.push(format!(
            "{}, back to {}",
            member.member,
            time(Some(wish.at))
        ));
        lines.extend(member.plan.iter().map(|plan| format!("  {}", plan.summary)));
        lines.extend(member.notes.iter().map(|note| format!("  {note}")));
    }
    lines.extend(plan.afterwards.iter().cloned());
    let checks = plan.all_checks();
    let worth = checks.iter().filter(|check| check.verdict != Verdict::Pass);
    lines.extend(worth.map(|check| {
        format!(
            "{} {}: {} {}",
            check.verdict.as_str(),
            check.name,
            check.detail,
            check.fix
        )
    }));
    lines.push(if plan.can_start() {
        "Nothing was started: add --yes to start it.".to_owned()
    } else {
        "It cannot start like this.".to_owned()
    });
    lines.join("\n")
}
