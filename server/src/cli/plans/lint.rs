use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tidemark_domain::{
    Verdict,
    exchange::lint,
    plan::{Finding, KnownVault, PlanKnowledge},
};

use super::file::PlanFile;
use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans lint plan.json --account 123456789012 --region eu-west-1 --known"
)]
pub(crate) struct Options {
    #[command(flatten)]
    file: PlanFile,
    /// Compare with the vaults that the catalogue knows; needs --account and --region
    #[arg(long)]
    known: bool,
}

/// A finding and the plan that it is about.
#[derive(Serialize)]
struct Row {
    plan: String,
    #[serde(flatten)]
    finding: Finding,
}

/// Tells what is wrong with the plans of a file; fails where AWS would refuse one or its jobs would fail.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let reading = options.file.reading()?;
    let knowledge = knowledge(global, options).await?;
    let mut rows: Vec<Row> = reading
        .notes
        .into_iter()
        .map(|finding| Row {
            plan: String::new(),
            finding,
        })
        .collect();
    for bundle in &reading.plans {
        let findings = lint(bundle, &knowledge);
        rows.extend(findings.into_iter().map(|finding| Row {
            plan: bundle.backup_plan.backup_plan_name.clone(),
            finding,
        }));
    }
    let failed = rows.iter().any(|row| row.finding.is_error());
    let output = global.output();
    if rows.is_empty() && !output.is_json() {
        let names: Vec<&str> = reading
            .plans
            .iter()
            .map(|bundle| bundle.backup_plan.backup_plan_name.as_str())
            .collect();
        line(&format!("Nothing is wrong with {}.", names.join(", ")))?;
        return Ok(Outcome::Done);
    }
    output.table(&rows, &["PLAN", "", "FIELD", "RULE", "FIX"], |rows| {
        rows.iter()
            .map(|row| {
                vec![
                    row.plan.clone(),
                    word(row.finding.verdict).to_owned(),
                    row.finding.field.clone(),
                    row.finding.rule.clone(),
                    row.finding.fix.clone(),
                ]
            })
            .collect()
    })?;
    Ok(if failed {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "error",
        Verdict::Warn => "warning",
        Verdict::Unknown => "not known",
        Verdict::Pass => "note",
    }
}

async fn knowledge(global: &Global, options: &Options) -> Result<PlanKnowledge, CliError> {
    let home = options.file.home()?;
    let mut knowledge = PlanKnowledge {
        now: Some(Timestamp::now()),
        ..PlanKnowledge::default()
    };
    if !options.known {
        knowledge.home = home;
        return Ok(knowledge);
    }
    let Some((account, region)) = home else {
        return Err(CliError::Usage(
            "--known needs --account and --region: vaults belong to both".to_owned(),
        ));
    };
    let console = global.console().await?;
    let scope = tidemark_domain::Scope {
        account: account.clone(),
        region: region.clone(),
    };
    let vaults = console.services().catalogue.vaults(&scope).await?;
    knowledge.vaults_are_complete = !vaults.is_empty();
    knowledge.vaults = vaults.iter().map(KnownVault::from).collect();
    knowledge.home = Some((account, region));
    Ok(knowledge)
}
