use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use clap::Args;
use serde_json::json;
use tidemark_domain::{
    AccountId, Region,
    exchange::PlanBundle,
    plan::{PlanChange, PlanDraft, PlanRecord, SelectionDraft},
};
use tidemark_services::plans;

use super::{file::PlanFile, known};
use crate::cli::{CliError, Console, Global, Outcome, output::line, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans apply plan.yaml --account 123456789012 --region eu-west-1 --reason \"retention by law\" --yes --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    file: PlanFile,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

/// Makes the plan of a file, or changes the one of its name: shows what that does, asks, does it as shown.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let Some((account, region)) = options.file.home()? else {
        return Err(CliError::Usage(
            "--account and --region are needed: a plan belongs to both".to_owned(),
        ));
    };
    let mut bundles = options.file.read()?;
    let bundle = match (bundles.pop(), bundles.is_empty()) {
        (Some(bundle), true) => bundle,
        _ => {
            return Err(CliError::Usage(
                "the file must hold a single plan: apply several one by one".to_owned(),
            ));
        }
    };
    let console = global.console().await?;
    let draft = draft(&console, account, region, bundle, &options.reason).await?;
    let change = plans::change(console.services(), &console.caller, draft).await?;
    let output = global.output();
    let asks = stdin().is_terminal() && !output.is_json();
    if !change.can_apply() || change.is_empty() || !(options.yes || asks) {
        output.text(&change, shown)?;
        if !output.is_json() && change.can_apply() && !change.is_empty() {
            line("\nNothing was changed: add --yes to do it.")?;
        }
        return Ok(if change.can_apply() {
            Outcome::Done
        } else {
            Outcome::Failed
        });
    }
    // To standard error, so that standard output holds just the result.
    eprintln!("{}", shown(&change));
    if !options.yes && !confirmed()? {
        return Ok(Outcome::Failed);
    }
    let run = plans::apply(
        console.services(),
        &console.caller,
        change.draft,
        &change.digest,
    )
    .await?;
    output.text(&json!({"run": run}), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

async fn draft(
    console: &Console,
    account: AccountId,
    region: Region,
    bundle: PlanBundle,
    reason: &str,
) -> Result<PlanDraft, CliError> {
    let name = &bundle.backup_plan.backup_plan_name;
    let before = known::named(console, &account, &region, name).await?;
    let own = |name: &str| -> Option<String> {
        let before: &PlanRecord = before.as_ref()?;
        let same = before
            .selections
            .iter()
            .find(|one| one.selection.selection_name == name)?;
        Some(same.id.clone())
    };
    let selections = bundle
        .backup_selections
        .into_iter()
        .map(|selection| SelectionDraft {
            id: own(&selection.selection_name),
            selection,
        })
        .collect();
    Ok(PlanDraft {
        account,
        region,
        plan_id: before.as_ref().map(|before| before.id.clone()),
        version_id: before.as_ref().map(|before| before.version_id.clone()),
        plan: bundle.backup_plan,
        selections,
        reason: reason.to_owned(),
    })
}

fn shown(change: &PlanChange) -> String {
    let name = &change.draft.plan.backup_plan_name;
    let mut lines = vec![match &change.before {
        None => format!("{name} is a new plan."),
        Some(_) if change.is_empty() => format!("{name} is as in the file."),
        Some(_) => format!("{name} changes."),
    }];
    let none = || "none".to_owned();
    if change.before.is_some() {
        lines.extend(change.differences.iter().map(|difference| {
            format!(
                "  {}: {} → {}",
                difference.field,
                difference.before.clone().unwrap_or_else(none),
                difference.after.clone().unwrap_or_else(none)
            )
        }));
    }
    lines.extend(
        change
            .selections
            .iter()
            .map(|selection| format!("  selection {} {}", selection.name, selection.what.as_str())),
    );
    lines.push(format!(
        "  takes {} resources: {} more and {} fewer than now",
        change.dry_run.taken, change.won, change.lost
    ));
    lines.extend(change.findings.iter().map(|finding| {
        let word = if finding.is_error() {
            "error"
        } else {
            "warning"
        };
        format!("  {word}: {finding}")
    }));
    lines.join("\n")
}

fn confirmed() -> Result<bool, CliError> {
    write!(stderr(), "\nDo it? [y/N] ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
