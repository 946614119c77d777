//! How long a dry run over 50,000 resources takes: `cargo run --release --example dry_run_bench`.
//!
//! Twenty plans in ten accounts; each has a selection with 500 ARNs and 30 patterns and one by tags.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figure")]

use std::{collections::BTreeMap, time::Instant};

use jiff::Timestamp;
use serde_json::json;
use tidemark_domain::{
    AccountId, Arn, Region, ResourceType,
    plan::BackupPlan,
    selection::{BackupSelection, DryRun, DryRunList, DryRunPlan, DryRunResource},
};

const RESOURCES: usize = 50_000;
const ACCOUNTS: usize = 10;

type Owned = (Arn, AccountId, BTreeMap<String, String>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::parse("eu-west-1")?;
    let accounts: Vec<AccountId> = (0..ACCOUNTS)
        .map(|n| AccountId::parse(format!("1000000000{n:02}")))
        .collect::<Result<_, _>>()?;
    let resources: Vec<Owned> = (0..RESOURCES)
        .map(|n| {
            let account = &accounts[n % ACCOUNTS];
            let arn = Arn::parse(format!(
                "arn:aws:dynamodb:{region}:{account}:table/t{}",
                n / ACCOUNTS
            ))?;
            let tags = BTreeMap::from([
                ("team".to_owned(), format!("team{}", n % 17)),
                (
                    "stage".to_owned(),
                    if n % 3 == 0 { "prod" } else { "test" }.to_owned(),
                ),
            ]);
            Ok::<Owned, tidemark_domain::Invalid>((arn, account.clone(), tags))
        })
        .collect::<Result<_, _>>()?;
    let plan: BackupPlan = serde_json::from_value(json!({
        "BackupPlanName": "p",
        "Rules": [{"RuleName": "hourly", "TargetBackupVaultName": "main", "ScheduleExpression": "cron(0 * ? * * *)"}],
    }))?;
    let selections: Vec<Vec<BackupSelection>> =
        accounts.iter().map(selections).collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let plans = (0..ACCOUNTS * 2).map(|n| DryRunPlan {
        id: if n < ACCOUNTS { "first" } else { "second" },
        account: &accounts[n % ACCOUNTS],
        region: &region,
        plan: &plan,
        selections: &selections[n % ACCOUNTS],
    });
    let run = DryRun::new(
        plans,
        resources.iter().map(|(arn, account, tags)| DryRunResource {
            arn,
            resource_type: &ResourceType::DynamoDb,
            account,
            region: &region,
            tags,
            opted_in: true,
        }),
        "2026-11-21T00:00:00Z".parse::<Timestamp>()?,
    );
    let page = run.list(DryRunList::Missed, None, 50);
    let taken = begun.elapsed();
    let milliseconds = taken.as_secs_f64() * 1000.0;
    let row = json!({
        "row": format!("Dry run of selections, {RESOURCES} resources, {} plans", ACCOUNTS * 2),
        "budget": "≤ 1 s",
        "figure": format!("{milliseconds:.0} ms ({} taken)", run.counts().taken),
        "ok": milliseconds <= 1000.0 && page.items.len() == 50,
    });
    println!("{row}");
    Ok(())
}

fn selections(account: &AccountId) -> Result<Vec<BackupSelection>, serde_json::Error> {
    let table = |n: usize| format!("arn:aws:dynamodb:eu-west-1:{account}:table/t{n}");
    let mut arns: Vec<String> = (0..470).map(|n| table(n * 10)).collect();
    arns.extend((0..30).map(|n| format!("{}*", table(100 + n))));
    Ok(vec![
        serde_json::from_value(json!({
            "SelectionName": "named", "IamRoleArn": "r", "Resources": arns,
        }))?,
        serde_json::from_value(json!({
            "SelectionName": "tagged", "IamRoleArn": "r",
            "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "stage", "ConditionValue": "prod"}],
            "Conditions": {"StringLike": [{"ConditionKey": "aws:ResourceTag/team", "ConditionValue": "team1*"}]},
        }))?,
    ])
}
