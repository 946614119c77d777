use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tidemark_domain::{
    AccountId, Arn, Region, ResourceType, Tier,
    plan::TypeSupport,
    simulate::{PlanVersion, Scene, SimFailure, SimPlan, SimPoint, SimResource, Simulation},
};

use super::file::PlanFile;
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans simulate plan.json --resource arn:aws:dynamodb:eu-west-1:123456789012:table/orders \\\n    --type DynamoDB --size 1073741824 --days 400"
)]
pub(crate) struct Options {
    #[command(flatten)]
    file: PlanFile,
    /// A resource that the plans take; may be given several times
    #[arg(long = "resource", value_name = "ARN", required = true)]
    resources: Vec<String>,
    /// Type of the resources, as AWS Backup names it
    #[arg(long = "type", value_name = "TYPE", default_value = "DynamoDB")]
    resource_type: String,
    /// Bytes of one backup
    #[arg(long, value_name = "BYTES")]
    size: Option<u64>,
    /// From this moment; now by default
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// For so many days: 1 to 3,660
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u16).range(1..=3_660))]
    days: u16,
    /// Only what exists at this moment; the end by default
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// What exists at a moment, and what fails until then.
#[derive(Serialize)]
struct Report {
    at: Timestamp,
    points: Vec<Row>,
    warm_bytes: u64,
    cold_bytes: u64,
    failures: Vec<SimFailure>,
}

#[derive(Serialize)]
struct Row {
    tier: Tier,
    #[serde(flatten)]
    point: SimPoint,
}

/// Lets the plans of a file run and tells what exists then.
pub(super) fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let from = options.from.unwrap_or_else(Timestamp::now);
    let until = from
        .checked_add(SignedDuration::from_hours(24 * i64::from(options.days)))
        .map_err(|error| CliError::Usage(format!("--days: {error}")))?;
    let at = options.at.unwrap_or(until);
    if !(from..=until).contains(&at) {
        return Err(CliError::Usage(
            "--at must lie between --from and the end of --days".to_owned(),
        ));
    }
    let scene = scene(options, from)?;
    let simulation = Simulation::run(&scene, from, until);
    let points: Vec<Row> = simulation
        .at(at)
        .map(|point| Row {
            tier: point.tier_at(at),
            point: point.clone(),
        })
        .collect();
    let bytes = |tier: Tier| {
        points
            .iter()
            .filter(|row| row.tier == tier)
            .filter_map(|row| row.point.size_bytes)
            .sum()
    };
    let report = Report {
        at,
        warm_bytes: bytes(Tier::Warm),
        cold_bytes: bytes(Tier::Cold),
        points,
        failures: simulation.failures,
    };
    global.output().table(
        &report,
        &["RESOURCE", "VAULT", "HOLDS", "TIER", "COLD", "DELETED", ""],
        |report| {
            let points = report.points.iter().map(|row| {
                vec![
                    row.point.resource.name().to_owned(),
                    row.point.vault.clone().unwrap_or_default(),
                    time(Some(row.point.created_at)),
                    row.tier.as_str().to_owned(),
                    time(row.point.cold_at),
                    time(row.point.delete_at),
                    if row.point.copy { "copy" } else { "" }.to_owned(),
                ]
            });
            let failures = report.failures.iter().map(|failure| {
                vec![
                    failure.resource.name().to_owned(),
                    String::new(),
                    time(Some(failure.at)),
                    "fails".to_owned(),
                    String::new(),
                    String::new(),
                    failure.why.clone(),
                ]
            });
            points.chain(failures).collect()
        },
    )?;
    Ok(Outcome::Done)
}

fn scene(options: &Options, from: Timestamp) -> Result<Scene, CliError> {
    let support = TypeSupport::default();
    let resource_type = ResourceType::from(options.resource_type.as_str());
    let resources = options
        .resources
        .iter()
        .map(|arn| {
            Ok(SimResource {
                arn: Arn::parse(arn)?,
                resource_type: resource_type.clone(),
                size_bytes: options.size,
                cold: support.cold.contains(resource_type.as_str()),
                cold_by_opt_in: support.cold_by_opt_in.contains(resource_type.as_str()),
                continuous: support.is_continuous(&resource_type),
            })
        })
        .collect::<Result<Vec<_>, CliError>>()?;
    let (account, region) = match options.file.home()? {
        Some(home) => home,
        None => home_of(&resources)?,
    };
    let plans = options
        .file
        .read()?
        .into_iter()
        .map(|bundle| SimPlan {
            id: bundle.backup_plan.backup_plan_name.clone(),
            account: account.clone(),
            region: region.clone(),
            versions: vec![PlanVersion {
                id: "file".to_owned(),
                plan: bundle.backup_plan,
                valid_from: from,
                valid_until: None,
            }],
            resources: resources.clone(),
        })
        .collect();
    Ok(Scene {
        plans,
        ..Scene::default()
    })
}

/// The account and Region that the first resource's ARN names.
fn home_of(resources: &[SimResource]) -> Result<(AccountId, Region), CliError> {
    resources
        .first()
        .and_then(|resource| {
            let arn = &resource.arn;
            AccountId::parse(arn.account())
                .ok()
                .zip(Region::parse(arn.region()).ok())
        })
        .ok_or_else(|| {
            CliError::Usage(
                "the resource's ARN names no account and Region: give --account and --region"
                    .to_owned(),
            )
        })
}
