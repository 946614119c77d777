use std::fmt::Write as _;

use clap::Args;
use tidemark_records::{
    proof::{DifferenceKind, Proof, ProofOptions, prove},
    scan::ScanOptions,
};

use super::{place::Place, progress::Progress, shown};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records verify --bucket my-backups --prefix records --table orders --output json"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Read capacity units used per second at most
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u64).range(1..))]
    capacity: Option<u64>,
    /// How often records that differ are looked at again while the capture catches up
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    looks: u32,
}

/// Compares table and backup; fails where they differ.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    let opened = options.place.open().await?;
    let settings = ProofOptions {
        scan: ScanOptions {
            capacity_milli_per_second: options.capacity.map(|units| units.saturating_mul(1_000)),
            ..ScanOptions::default()
        },
        looks: options.looks,
        ..ProofOptions::default()
    };
    let progress = Progress::new(output, "Comparing", None);
    let proof = prove(&opened.index, &opened.source(), &opened.clock, &settings).await;
    progress.end();
    let proof = proof?;
    output.text(&proof, text)?;
    Ok(if proof.complete {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn text(proof: &Proof) -> String {
    let mut text = if proof.complete {
        format!(
            "Complete as of {}: {} records, digest {}.",
            proof.as_of, proof.table_items, proof.table_digest
        )
    } else {
        format!(
            "Not complete as of {}: {} records of {} differ.",
            proof.as_of,
            proof.differences.len(),
            proof.table_items
        )
    };
    if proof.settled > 0 {
        let _ = write!(
            text,
            "\n{} records changed meanwhile and agree now.",
            proof.settled
        );
    }
    for difference in proof.differences.iter().take(50) {
        let what = match difference.kind {
            DifferenceKind::MissingInBackup => "is missing in the backup",
            DifferenceKind::MissingInTable => "is in the backup, not in the table",
            DifferenceKind::Differs if difference.rounded => {
                "differs in numbers that an older tool rounded"
            }
            DifferenceKind::Differs => "differs",
        };
        let _ = write!(text, "\n  {} {what}", difference.key);
    }
    if proof.differences.len() > 50 {
        let _ = write!(text, "\n  and {} more", proof.differences.len() - 50);
    }
    for gap in &proof.gaps {
        let _ = write!(
            text,
            "\nChanges from {} to {} are lost.",
            gap.from, gap.until
        );
    }
    text + &shown::troubles(&proof.troubles)
}
