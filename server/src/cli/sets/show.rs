use clap::Args;
use tidemark_domain::sets::SetDetail;
use tidemark_services::sets;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark set show mediation\n  tidemark set show mediation --manifest > mediation.yaml"
)]
pub(crate) struct Options {
    /// Name of the set
    name: String,
    /// A version of it; the newest by default
    #[arg(long, value_name = "NUMBER")]
    version: Option<u32>,
    /// Print its manifest as it was written
    #[arg(long)]
    manifest: bool,
}

/// Shows a set.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let set = sets::get(
        console.services(),
        &console.caller,
        &options.name,
        options.version,
    )
    .await?;
    let output = global.output();
    if options.manifest && !output.is_json() {
        output.text(&set, |set| set.stored.manifest.trim_end().to_owned())?;
        return Ok(Outcome::Done);
    }
    output.table(
        &set,
        &[
            "MEMBER",
            "TYPE",
            "LAST BACKUP",
            "POINT IN TIME UP TO",
            "ARN",
        ],
        rows,
    )?;
    if !output.is_json() {
        output.text(&(), |()| words(&set))?;
    }
    Ok(Outcome::Done)
}

fn rows(set: &SetDetail) -> Vec<Vec<String>> {
    let row = |member: &tidemark_domain::sets::SetMemberRow| {
        let newest = if member.known {
            time(member.newest_point)
        } else {
            "not in the inventory".to_owned()
        };
        vec![
            member.name.clone(),
            member.resource_type.to_string(),
            newest,
            time(member.pitr.map(|window| window.latest)),
            member.arn.to_string(),
        ]
    };
    set.members.iter().map(row).collect()
}

fn words(set: &SetDetail) -> String {
    let mut lines = vec![String::new(), set.pause.clone()];
    lines.extend(set.rules.iter().cloned());
    lines.extend(
        set.misfits
            .iter()
            .map(|misfit| format!("Warning: {}", misfit.text)),
    );
    lines.join("\n")
}
