use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Scope,
    plan::{PlanChange, PlanDraft, SelectionStep},
};
use tidemark_services::plans;

use super::file::PlanFile;
use crate::cli::{CliError, Console, Global, Outcome, output::line, watch};

const EXAMPLE: &str = "Examples:
  tidemark plans apply gold.json --account 123456789012 --region eu-west-1
  tidemark plans apply template.yaml --account 123456789012 --region eu-west-1 --yes --watch";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Options {
    #[command(flatten)]
    file: PlanFile,
    /// Delete selections of a plan that the file does not name; they stay by default
    #[arg(long)]
    prune: bool,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Save without asking
    #[arg(long)]
    yes: bool,
    /// Follow each run until it ends
    #[arg(long)]
    watch: bool,
}

/// Shows what saving the plans of a file does, asks, and saves them as shown.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let Some((account, region)) = options.file.home()? else {
        return Err(CliError::Usage(
            "apply needs --account and --region: a plan belongs to both".to_owned(),
        ));
    };
    let scope = Scope { account, region };
    let text = options.file.text()?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let parameters = options.file.parameters()?;
    let mut changes = Vec::new();
    let read = plans::import(services, caller, &scope, &text, parameters).await?;
    let remarks = read.plans.iter().flat_map(|plan| &plan.findings);
    for note in read.notes.iter().chain(remarks) {
        eprintln!("tidemark: {note}");
    }
    for imported in &read.plans {
        imported.require_whole()?;
    }
    for mut draft in read.plans.into_iter().map(|imported| imported.draft) {
        draft.reason.clone_from(&options.reason);
        if !options.prune {
            keep_others(&console, &mut draft).await?;
        }
        changes.push(plans::change(services, caller, draft).await?);
    }
    let output = global.output();
    let refused = changes.iter().any(|change| !change.can_apply());
    let nothing = changes.iter().all(PlanChange::is_empty);
    let ask = !options.yes && !output.is_json() && stdin().is_terminal();
    if refused || nothing || !(options.yes || ask) {
        output.text(&json!({ "changes": changes }), |_| shown(&changes))?;
        if !(output.is_json() || refused || nothing) {
            line("\nNothing was saved: add --yes to save it.")?;
        }
        return Ok(if refused {
            Outcome::Failed
        } else {
            Outcome::Done
        });
    }
    // To standard error, so that standard output holds just the result.
    eprintln!("{}", shown(&changes));
    if ask && !confirmed()? {
        return Ok(Outcome::Failed);
    }
    save(&console, options, output, changes).await
}

async fn save(
    console: &Console,
    options: &Options,
    output: crate::cli::Output,
    changes: Vec<PlanChange>,
) -> Result<Outcome, CliError> {
    let mut runs = Vec::new();
    for change in changes.into_iter().filter(|change| !change.is_empty()) {
        let name = change.draft.plan.backup_plan_name.clone();
        let digest = change.digest.clone();
        let run = plans::apply(console.services(), &console.caller, change.draft, &digest).await?;
        runs.push((name, run));
    }
    let result: Vec<_> = runs
        .iter()
        .map(|(plan, run)| json!({"plan": plan, "run": run}))
        .collect();
    output.text(&json!({ "runs": result }), |_| {
        let lines = runs.iter().map(|(plan, run)| {
            format!("{plan}: run {run} was begun. Follow it: tidemark runs watch {run}")
        });
        lines.collect::<Vec<_>>().join("\n")
    })?;
    let mut outcome = Outcome::Done;
    if options.watch {
        for (_, run) in runs {
            if watch::follow(console, run, output).await? == Outcome::Failed {
                outcome = Outcome::Failed;
            }
        }
    }
    Ok(outcome)
}

/// Adds the selections of the plan that the file does not name, so that they stay.
async fn keep_others(console: &Console, draft: &mut PlanDraft) -> Result<(), CliError> {
    let Some(id) = &draft.plan_id else {
        return Ok(());
    };
    let key = tidemark_domain::plan::PlanKey {
        account: draft.account.clone(),
        region: draft.region.clone(),
        id: id.clone(),
    };
    let Some(record) = console.services().catalogue.plan(&key).await? else {
        return Ok(());
    };
    for one in PlanDraft::of(&record).selections {
        if !draft.selections.iter().any(|named| named.id == one.id) {
            draft.selections.push(one);
        }
    }
    Ok(())
}

fn shown(changes: &[PlanChange]) -> String {
    changes.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn one(change: &PlanChange) -> String {
    let name = &change.draft.plan.backup_plan_name;
    let mut lines = vec![match &change.before {
        None => format!("Plan {name} will be made."),
        Some(_) if change.is_empty() => format!("Plan {name} stays as it is."),
        Some(_) => format!("Plan {name} will change."),
    }];
    for difference in &change.differences {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        lines.push(format!(
            "  {}: {} becomes {}",
            difference.field,
            text(&difference.before),
            text(&difference.after)
        ));
    }
    for selection in &change.selections {
        if selection.what != SelectionStep::Keep {
            lines.push(format!(
                "  Selection {} {}",
                selection.name,
                selection.what.as_str()
            ));
        }
    }
    lines.push(format!(
        "  Takes {} of {} resources: {} more and {} fewer than now",
        change.dry_run.taken, change.dry_run.resources, change.won, change.lost
    ));
    for finding in &change.findings {
        let word = if finding.is_error() {
            "error"
        } else {
            "warning"
        };
        lines.push(format!("  {word}: {finding}"));
    }
    lines.join("\n")
}

fn confirmed() -> Result<bool, CliError> {
    write!(stderr(), "\nSave it? [y/N] ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
