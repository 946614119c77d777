use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Arn, Region, ResourceType,
    plan::BackupPlan,
    selection::{BackupSelection, Clause, DryRun, DryRunList, DryRunPlan, DryRunResource},
};

struct Table {
    arn: Arn,
    resource_type: ResourceType,
    account: AccountId,
    region: Region,
    tags: BTreeMap<String, String>,
    opted_in: bool,
}

struct Plan {
    id: &'static str,
    account: AccountId,
    region: Region,
    document: BackupPlan,
    selections: Vec<BackupSelection>,
}

fn table(name: &str, tags: &[(&str, &str)], opted_in: bool) -> Table {
    Table {
        arn: Arn::parse(format!(
            "arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"
        ))
        .unwrap(),
        resource_type: ResourceType::DynamoDb,
        account: AccountId::parse("111122223333").unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        tags: tags
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
        opted_in,
    }
}

fn plan(id: &'static str, days: i64, cron: &str, selections: &[Value]) -> Plan {
    Plan {
        id,
        account: AccountId::parse("111122223333").unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        document: serde_json::from_value(json!({
            "BackupPlanName": id,
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "main",
                "ScheduleExpression": cron,
                "StartWindowMinutes": 60,
                "Lifecycle": {"DeleteAfterDays": days},
            }],
        }))
        .unwrap(),
        selections: selections
            .iter()
            .enumerate()
            .map(|(n, change)| {
                let mut whole = json!({"SelectionName": format!("s{n}"), "IamRoleArn": "r"});
                whole
                    .as_object_mut()
                    .unwrap()
                    .extend(change.as_object().unwrap().clone());
                serde_json::from_value(whole).unwrap()
            })
            .collect(),
    }
}

fn run<'a>(plans: &'a [Plan], tables: &'a [Table]) -> DryRun<'a> {
    DryRun::new(
        plans.iter().map(|plan| DryRunPlan {
            id: plan.id,
            account: &plan.account,
            region: &plan.region,
            plan: &plan.document,
            selections: &plan.selections,
        }),
        tables.iter().map(|table| DryRunResource {
            arn: &table.arn,
            resource_type: &table.resource_type,
            account: &table.account,
            region: &table.region,
            tags: &table.tags,
            opted_in: table.opted_in,
        }),
        "2026-11-21T00:00:00Z".parse().unwrap(),
    )
}

fn names(run: &DryRun<'_>, list: DryRunList) -> Vec<String> {
    run.list(list, None, 100)
        .items
        .iter()
        .map(|row| row.arn.name().to_owned())
        .collect()
}

fn by_tag(value: &str) -> Value {
    json!({"ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": value}]})
}

#[test]
fn resources_are_counted_by_the_clause_that_takes_them() {
    let plans = [plan(
        "gold",
        35,
        "cron(0 5 ? * * *)",
        &[json!({
            "Resources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"],
            "ListOfTags": by_tag("yes")["ListOfTags"],
            "NotResources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/tmp*"],
        })],
    )];
    let tables = [
        table("orders", &[], false),
        table("carts", &[("backup", "yes")], true),
        table("users", &[("backup", "yes")], true),
        table("tmp-1", &[("backup", "yes")], true),
        table("logs", &[("backup", "yes")], false),
        table("other", &[], true),
    ];
    let run = run(&plans, &tables);
    let counts = run.counts();
    assert_eq!(
        (
            counts.resources,
            counts.taken,
            counts.missed,
            counts.twice,
            counts.by_opt_in
        ),
        (6, 3, 3, 0, 2)
    );
    let clauses: Vec<(&Clause, u64)> = counts
        .clauses
        .iter()
        .map(|count| (&count.clause, count.resources))
        .collect();
    assert_eq!(
        clauses,
        [
            (&Clause::Tag("backup=yes".to_owned()), 2),
            (
                &Clause::Resource(
                    "arn:aws:dynamodb:eu-west-1:111122223333:table/orders".to_owned()
                ),
                1
            ),
        ]
    );
    assert_eq!(names(&run, DryRunList::ByOptIn), ["carts", "users"]);
    assert_eq!(names(&run, DryRunList::Missed), ["tmp-1", "logs", "other"]);
    let missed = run.list(DryRunList::Missed, None, 10).items;
    let nearest: Vec<&Clause> = missed
        .iter()
        .map(|row| &row.nearest.as_ref().unwrap().clause)
        .collect();
    assert_eq!(
        nearest,
        [
            &Clause::LeftOut("arn:aws:dynamodb:eu-west-1:111122223333:table/tmp*".to_owned()),
            &Clause::NotOptedIn,
            &Clause::NotNamed,
        ]
    );
}

#[test]
fn the_longest_retention_wins_where_two_plans_take_a_resource_in_one_window() {
    let plans = [
        plan("short", 7, "cron(0 5 ? * * *)", &[json!({})]),
        plan("long", 400, "cron(30 5 1 * ? *)", &[by_tag("long")]),
        plan("apart", 30, "cron(0 17 ? * * *)", &[by_tag("apart")]),
    ];
    let tables = [
        table("a", &[("backup", "long")], true),
        table("b", &[("backup", "apart")], true),
        table("c", &[], true),
        table("d", &[("backup", "long")], true),
    ];
    let run = run(&plans, &tables);
    assert_eq!(names(&run, DryRunList::Twice), ["a", "b", "d"]);
    let [first, second] = &run.counts().overlaps[..] else {
        panic!("{:?}", run.counts().overlaps);
    };
    assert_eq!(first.resources, 2);
    assert_eq!(first.winner().unwrap().plan_id, "long");
    assert_eq!(
        first.windows_meet.unwrap().to_string(),
        "2026-12-01T05:30:00Z"
    );
    assert!(
        first
            .explain()
            .contains("the longest retention wins: daily of long")
    );
    assert_eq!((second.resources, second.windows_meet), (1, None));
}

#[test]
fn two_selections_of_one_plan_count_as_twice_but_have_no_rival_retention() {
    let plans = [plan(
        "gold",
        7,
        "cron(0 5 ? * * *)",
        &[json!({}), by_tag("yes")],
    )];
    let tables = [table("a", &[("backup", "yes")], true)];
    let run = run(&plans, &tables);
    assert_eq!(run.counts().twice, 1);
    assert!(run.counts().overlaps.is_empty());
    let row = run.list(DryRunList::Twice, None, 10).items.remove(0);
    let by: Vec<&str> = row.takes.iter().map(|t| t.selection.as_str()).collect();
    assert_eq!(by, ["s0", "s1"]);
}

#[test]
fn a_plan_takes_nothing_of_another_account_or_region() {
    let plans = [plan("gold", 7, "cron(0 5 ? * * *)", &[json!({})])];
    let mut elsewhere = table("a", &[], true);
    elsewhere.region = Region::parse("eu-central-1").unwrap();
    let tables = [elsewhere, table("b", &[], true)];
    let run = run(&plans, &tables);
    assert_eq!(names(&run, DryRunList::Taken), ["b"]);
    assert_eq!(run.counts().reasons[0].clause, None);
    assert_eq!(run.taken_by("gold").count(), 1);
    assert_eq!(run.taken_by("silver").count(), 0);
}

#[test]
fn lists_come_in_pages_that_join_without_a_gap() {
    let plans = [plan("gold", 7, "cron(0 5 ? * * *)", &[by_tag("yes")])];
    let tables: Vec<Table> = (0..25)
        .map(|n| {
            let tags: &[(&str, &str)] = if n % 2 == 0 {
                &[("backup", "yes")]
            } else {
                &[]
            };
            table(&format!("t{n}"), tags, true)
        })
        .collect();
    let run = run(&plans, &tables);
    let (mut got, mut cursor) = (Vec::new(), None);
    loop {
        let page = run.list(DryRunList::Taken, cursor.as_deref(), 4);
        assert_eq!(page.total, Some(13));
        assert!(page.items.len() <= 4);
        got.extend(page.items.iter().map(|row| row.arn.name().to_owned()));
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let expected: Vec<String> = (0..25).step_by(2).map(|n| format!("t{n}")).collect();
    assert_eq!(got, expected);
}
