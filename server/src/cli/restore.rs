use std::{
    collections::{BTreeMap, BTreeSet},
    io::{IsTerminal as _, stderr, stdin},
};

use clap::{ArgGroup, Args};
use jiff::Timestamp;
use serde_json::json;
use tidemark_domain::{Arn, Invalid, PutBack, RestorePlan, RestoreRequest, RestoreSource, Verdict};
use tidemark_services::restore;

use super::{CliError, Global, Outcome, output::line, watch};

const EXAMPLE: &str = "Examples:
  tidemark restore arn:aws:dynamodb:eu-west-1:123456789012:table/orders \\
    --to-time 2026-11-20T14:04:31Z --table orders-before-the-mistake --put-back stream,tags
  tidemark restore arn:aws:ec2:eu-west-1:123456789012:volume/vol-0abc --vault Default \\
    --point arn:aws:ec2:eu-west-1::snapshot/snap-0abc --metadata availabilityZone=eu-west-1a --yes";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLE, group(ArgGroup::new("source").required(true).args(["to_time", "point", "backup"])))]
pub(super) struct Options {
    /// ARN of the resource whose data comes back
    resource: String,
    /// A second of the table's point-in-time window, or of a record-level backup, as RFC 3339
    #[arg(long, value_name = "TIME")]
    to_time: Option<String>,
    /// Id of the record-level backup to restore that second from
    #[arg(long, value_name = "ID", requires = "to_time")]
    records: Option<String>,
    /// Just the records with this partition key, as text
    #[arg(long, value_name = "VALUE", requires = "records")]
    partition: Option<String>,
    /// ARN of a recovery point of AWS Backup
    #[arg(long, value_name = "ARN", requires = "vault")]
    point: Option<String>,
    /// The recovery point's vault
    #[arg(long)]
    vault: Option<String>,
    /// ARN of a DynamoDB backup made outside AWS Backup
    #[arg(long, value_name = "ARN")]
    backup: Option<String>,
    /// Name of the new table
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// Restore metadata as key=value; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    metadata: Vec<String>,
    /// Settings to put back, separated by commas: stream, `time_to_live`, tags,
    /// `point_in_time_recovery`, `auto_scaling`, `deletion_protection`; or all, or none
    #[arg(long, default_value = "all", value_name = "SETTINGS")]
    put_back: String,
    /// Tags of the new table as key=value instead of the source's; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    tag: Vec<String>,
    /// Name of what exists and is changed, where the plan asks for it
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Role that AWS Backup assumes; the account's default by default
    #[arg(long, value_name = "ARN")]
    service_role: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Start without asking
    #[arg(long)]
    yes: bool,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

/// Shows the plan, asks, starts it as shown.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let output = global.output();
    if !options.yes && (output.is_json() || !stdin().is_terminal()) {
        // The plan alone: whoever cannot be asked says --yes.
        return plan_only(global, &options).await;
    }
    let console = global.console().await?;
    let request = request(&options)?;
    let plan = restore::plan(console.services(), &console.caller, request.clone()).await?;
    // To standard error, so that standard output holds just the result.
    eprintln!("{}", shown(&plan));
    if !plan.can_start() {
        return Ok(Outcome::Failed);
    }
    if !options.yes && !confirmed()? {
        return Ok(Outcome::Failed);
    }
    let request = RestoreRequest {
        confirmation: options.confirm.clone(),
        ..request
    };
    let run = restore::start(console.services(), &console.caller, request, &plan.digest).await?;
    output.text(&json!({"run": run, "plan": plan}), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

async fn plan_only(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let plan = restore::plan(console.services(), &console.caller, request(options)?).await?;
    global.output().text(&plan, shown)?;
    if !global.output().is_json() {
        let confirm = plan
            .confirmation
            .as_ref()
            .map(|name| format!(" --confirm {name}"))
            .unwrap_or_default();
        line(&format!(
            "\nNothing was started: add --yes{confirm} to start it."
        ))?;
    }
    Ok(if plan.can_start() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn request(options: &Options) -> Result<RestoreRequest, CliError> {
    let vault = options.vault.clone().unwrap_or_default();
    let source = match (&options.to_time, &options.point, &options.backup) {
        (Some(time), _, _) => match &options.records {
            Some(capture) => RestoreSource::Records {
                capture: capture.clone(),
                at: moment(time)?,
                partition: options.partition.clone(),
            },
            None => RestoreSource::PointInTime { at: moment(time)? },
        },
        (_, Some(point), _) => RestoreSource::RecoveryPoint {
            arn: Arn::parse(point)?,
            vault,
        },
        (_, _, Some(backup)) => RestoreSource::DynamoDbBackup {
            arn: Arn::parse(backup)?,
        },
        _ => {
            return Err(CliError::Usage(
                "one of --to-time, --point and --backup is needed".to_owned(),
            ));
        }
    };
    Ok(RestoreRequest {
        resource: Arn::parse(&options.resource)?,
        source,
        target_table: options.table.clone(),
        metadata: pairs("--metadata", &options.metadata)?,
        service_role: options.service_role.clone(),
        put_back: put_back(&options.put_back)?,
        tags: tags(&options.tag)?,
        confirmation: None,
        reason: options.reason.clone(),
    })
}

fn moment(text: &str) -> Result<Timestamp, Invalid> {
    text.parse()
        .map_err(|_| Invalid::new("--to-time", "must be a time such as 2026-11-20T14:04:31Z"))
}

/// The tags of the new table, where some are named.
fn tags(given: &[String]) -> Result<Option<BTreeMap<String, String>>, Invalid> {
    if given.is_empty() {
        return Ok(None);
    }
    pairs("--tag", given).map(Some)
}

fn pairs(option: &str, given: &[String]) -> Result<BTreeMap<String, String>, Invalid> {
    let mut map = BTreeMap::new();
    for pair in given {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| Invalid::new(option, format!("must be key=value, not {pair}")))?;
        if map.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Invalid::new(option, format!("must name {key} once")));
        }
    }
    Ok(map)
}

fn put_back(text: &str) -> Result<BTreeSet<PutBack>, Invalid> {
    match text {
        "all" => Ok(PutBack::ALL.into_iter().collect()),
        "none" | "" => Ok(BTreeSet::new()),
        list => list
            .split(',')
            .map(|name| {
                PutBack::parse(name.trim()).ok_or_else(|| {
                    let names: Vec<&str> = PutBack::ALL.into_iter().map(PutBack::as_str).collect();
                    Invalid::new("--put-back", format!("must be of {}", names.join(", ")))
                })
            })
            .collect(),
    }
}

fn shown(plan: &RestorePlan) -> String {
    let mut text = format!("{}\n", plan.summary);
    for (heading, lines) in [
        ("Creates", &plan.creates),
        ("Changes", &plan.changes),
        ("Keeps", &plan.keeps),
    ] {
        for entry in lines {
            text = format!("{text}  {heading}: {entry}\n");
        }
    }
    for sentence in std::iter::once(plan.tags_sentence()).chain(plan.joins_sentences()) {
        text = format!("{text}  {sentence}\n");
    }
    if let Some(name) = &plan.confirmation {
        text = format!(
            "{text}  It changes something that exists, or may do so: confirm it with --confirm {name}\n"
        );
    }
    text.push_str("Checks\n");
    for check in &plan.checks {
        let fix = if check.verdict != Verdict::Pass && !check.fix.is_empty() {
            format!(" Fix: {}", check.fix)
        } else {
            String::new()
        };
        text = format!(
            "{text}  {}: {}. {}{fix}\n",
            check.verdict.as_str(),
            check.name,
            check.detail
        );
    }
    text.trim_end().to_owned()
}

fn confirmed() -> Result<bool, CliError> {
    use std::io::Write as _;
    write!(stderr(), "\nStart it? [y/N] ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn settings_are_named_or_all_or_none() {
        assert_eq!(put_back("all").unwrap().len(), 6);
        assert!(put_back("none").unwrap().is_empty());
        let two = put_back("stream, tags").unwrap();
        assert_eq!(two, BTreeSet::from([PutBack::Stream, PutBack::Tags]));
        assert!(
            put_back("stream,colour")
                .unwrap_err()
                .to_string()
                .contains("auto_scaling")
        );
    }

    #[test]
    fn metadata_keeps_equal_signs_in_values() {
        let map = pairs("--metadata", &["a=b=c".to_owned()]).unwrap();
        assert_eq!(map["a"], "b=c");
        assert!(pairs("--metadata", &["a".to_owned()]).is_err());
        let twice = ["a=1".to_owned(), "a=2".to_owned()];
        assert!(pairs("--metadata", &twice).is_err());
    }
}
