use clap::Args;
use jiff::Timestamp;
use tidemark_domain::sets::recovery::{Recovery, words as span};
use tidemark_services::sets;

use super::{as_file, text};
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark set recovery mediation --at 2026-11-30T12:00:00Z")]
pub(crate) struct Options {
    /// Name of a set, or a file with a manifest
    #[arg(value_name = "NAME|FILE")]
    set: String,
    /// The chosen time; now by default
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// Shows which recovery points belong together; fails where none do.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let services = console.services();
    let at = options.at.unwrap_or_else(|| services.clock.now());
    let found = match as_file(&options.set) {
        Some(file) => sets::recovery_of(services, &console.caller, &text(&file)?, at).await?,
        None => sets::recovery(services, &console.caller, &options.set, at).await?,
    };
    let outcome = if found.combinations.is_empty() {
        Outcome::Failed
    } else {
        Outcome::Done
    };
    global.output().text(&found, words)?;
    Ok(outcome)
}

fn words(found: &Recovery) -> String {
    let mut lines = Vec::new();
    lines.extend(found.impossible.clone());
    for (place, combination) in found.combinations.iter().enumerate() {
        let apart = span(combination.newest.duration_since(combination.oldest));
        lines.push(format!(
            "{}. back to {}, {apart} apart",
            place + 1,
            time(Some(combination.oldest))
        ));
        for choice in &combination.choices {
            let by = choice.point.as_ref().map_or_else(
                || "point-in-time recovery".to_owned(),
                |point| point.point.to_string(),
            );
            lines.push(format!("   {}: {} by {by}", choice.member, choice.at));
        }
    }
    if !found.left_out.is_empty() {
        lines.push("Not offered:".to_owned());
    }
    for one in &found.left_out {
        lines.push(format!("   {}: {} {}", one.member, one.at, one.why));
    }
    lines.join("\n")
}
