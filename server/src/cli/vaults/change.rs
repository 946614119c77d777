use clap::Args;
use serde_json::json;
use tidemark_domain::{
    AccountId, Region, VaultName, Verdict,
    vaults::{VaultChange, VaultPlan, VaultRequest},
};
use tidemark_services::vaults::{self, VaultConfirmed};

use crate::cli::{CliError, Global, Outcome, watch};

/// Which vault, and whether its change begins.
#[derive(Debug, Args)]
pub(super) struct Change {
    /// The vault's name
    vault: String,
    /// Account
    #[arg(long)]
    account: String,
    /// Region
    #[arg(long)]
    region: String,
    /// The digest of the plan that was shown; without it nothing begins
    #[arg(long, value_name = "DIGEST")]
    confirm: Option<String>,
    /// The vault's name once more, for what cannot be taken back
    #[arg(long, value_name = "VAULT")]
    name: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

impl Change {
    /// Shows what would be done or, once that is confirmed, begins it.
    pub(super) async fn run(
        &self,
        global: &Global,
        change: VaultChange,
    ) -> Result<Outcome, CliError> {
        let request = VaultRequest {
            account: AccountId::parse(&self.account)?,
            region: Region::parse(&self.region)?,
            vault: VaultName::parse(&self.vault)?,
            change,
        }
        .checked()?;
        let console = global.console().await?;
        let (services, caller) = (console.services(), &console.caller);
        let output = global.output();
        let Some(digest) = &self.confirm else {
            let plan = vaults::plan(services, caller, request).await?;
            output.text(&plan, words)?;
            return Ok(Outcome::Done);
        };
        let confirmed = VaultConfirmed {
            digest: digest.clone(),
            reason: self.reason.clone(),
            confirmation: self.name.clone(),
        };
        let run = vaults::start(services, caller, request, &confirmed).await?;
        output.text(&json!({ "run": run }), |_| {
            format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
        })?;
        if self.watch {
            return watch::follow(&console, run, output).await;
        }
        Ok(Outcome::Done)
    }
}

fn words(plan: &VaultPlan) -> String {
    let mut lines = plan.effects.clone();
    lines.extend(
        plan.statements
            .iter()
            .filter(|_| plan.policy_before != plan.policy_after)
            .map(|change| {
                format!(
                    "{}: {} {}",
                    change.label,
                    change.fate.as_str(),
                    change.words
                )
            }),
    );
    if let Some(rehearsal) = &plan.rehearsal {
        lines.extend(rehearsal.rules.iter().map(|rule| {
            format!(
                "{} of the plan {} ({}, {} in {}): {}",
                rule.rule,
                rule.plan,
                rule.kind.as_str(),
                rule.account,
                rule.region,
                rule.refusal.as_deref().unwrap_or("fits")
            )
        }));
    }
    lines.extend(
        plan.checks
            .iter()
            .filter(|check| check.verdict != Verdict::Pass)
            .map(|check| format!("{}: {} {}", check.verdict.as_str(), check.detail, check.fix)),
    );
    let name = plan
        .confirmation
        .as_ref()
        .map(|name| format!(" --name {name}"))
        .unwrap_or_default();
    lines.push(format!(
        "Nothing was begun. To begin: --confirm {}{name} --reason '…'",
        plan.digest
    ));
    lines.join("\n")
}
