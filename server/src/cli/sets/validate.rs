use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tidemark_domain::sets::{
    Datasets, HookReach, ManifestFault, Misfit, SetManifest, misfits, read, read_datasets,
};

use super::text;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark set validate mediation.yaml")]
pub(crate) struct Options {
    /// The manifest, in YAML or JSON, or a list of datasets; - reads standard input
    file: PathBuf,
}

/// What was found.
#[derive(Debug, Default, Serialize)]
struct Found {
    /// Name of the set; none where the file is no manifest.
    set: Option<String>,
    members: usize,
    faults: Vec<ManifestFault>,
    warnings: Vec<Misfit>,
}

/// Tells what is wrong with a manifest, with lines; fails where anything is.
pub(super) fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let text = text(&options.file)?;
    let config = global.config(None)?;
    let reach = HookReach::parse(&config.hook_hosts);
    let found = if text.trim_start().starts_with('[') {
        of_datasets(read_datasets(&text))
    } else {
        of_set(read(&text, &reach))
    };
    let outcome = if found.faults.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    };
    global.output().text(&found, words)?;
    Ok(outcome)
}

fn of_set(read: Result<SetManifest, Vec<ManifestFault>>) -> Found {
    match read {
        Ok(set) => Found {
            members: set.members.len(),
            warnings: misfits(&set, Timestamp::now()),
            set: Some(set.name),
            faults: Vec::new(),
        },
        Err(faults) => Found {
            faults,
            ..Found::default()
        },
    }
}

fn of_datasets(read: Result<Datasets, ManifestFault>) -> Found {
    match read {
        Ok(datasets) => Found {
            members: datasets.entries.len(),
            warnings: datasets
                .ignored
                .into_iter()
                .map(|fault| Misfit {
                    about: fault.path.clone(),
                    text: fault.to_string(),
                    minutes: None,
                    first: None,
                })
                .collect(),
            ..Found::default()
        },
        Err(fault) => Found {
            faults: vec![fault],
            ..Found::default()
        },
    }
}

fn words(found: &Found) -> String {
    let mut lines: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    lines.extend(
        found
            .warnings
            .iter()
            .map(|warning| format!("Warning: {}", warning.text)),
    );
    if found.faults.is_empty() {
        lines.push(match &found.set {
            Some(set) => format!(
                "Nothing is wrong with the set {set} of {} members.",
                found.members
            ),
            None => format!(
                "Nothing is wrong with the list of {} datasets.",
                found.members
            ),
        });
    }
    lines.join("\n")
}
