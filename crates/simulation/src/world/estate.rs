use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    Account, AccountId, Arn, PointSource, RecoveryPoint, ResourceType, Scope, TableSettings,
    plan::BackupPlan, selection::BackupSelection,
};
use tidemark_records::wire::Item;
use tidemark_testkit::{FakeCloud, FakeRecordsCloud, FakeTable, build};

use crate::{dice::Dice, profile::Profile};

/// What there is in the beginning.
pub(crate) struct Estate {
    /// The accounts.
    pub(crate) accounts: Vec<Account>,
    /// Each account's one Region.
    pub(crate) scopes: Vec<Scope>,
    /// The tables, with how many items each has held since the beginning.
    pub(crate) tables: Vec<Table>,
    /// Resources of other types.
    pub(crate) others: Vec<(Scope, Arn)>,
    /// Recovery points.
    pub(crate) points: Vec<RecoveryPoint>,
    /// Backup plans.
    pub(crate) plans: Vec<(Scope, String)>,
    /// How many items a table's points hold.
    pub(crate) items: BTreeMap<Arn, i64>,
}

/// A table.
#[derive(Clone)]
pub(crate) struct Table {
    /// Where.
    pub(crate) scope: Scope,
    /// Its name.
    pub(crate) name: String,
    /// Its settings.
    pub(crate) settings: TableSettings,
    /// Its on-demand backup.
    pub(crate) backup: Arn,
}

const REGION: &str = "eu-west-1";

/// How many records a table holds.
const RECORDS: usize = 3;

/// How many points there are of each resource, at most.
const POINTS: usize = 3;

impl Estate {
    /// Draws an estate and puts it into AWS.
    pub(crate) fn draw(profile: &Profile, dice: &Dice, aws: &FakeCloud) -> Self {
        let mut estate = Self {
            accounts: Vec::new(),
            scopes: Vec::new(),
            tables: Vec::new(),
            others: Vec::new(),
            points: Vec::new(),
            plans: Vec::new(),
            items: BTreeMap::new(),
        };
        for number in 0..profile.accounts {
            let id = format!(
                "{:012}",
                111_111_111_111_u64 * (u64::try_from(number).unwrap_or(0) + 1)
            );
            let account = build::account(&id);
            let _ = aws.clone().with_account(&account.connection, &[REGION]);
            estate.scopes.push(build::scope(&id, REGION));
            estate.accounts.push(account);
        }
        for scope in estate.scopes.clone() {
            for number in 0..profile.tables {
                estate.add_table(dice, aws, &scope, &format!("table-{number}"));
            }
            estate.add_other(dice, aws, &scope);
            estate.add_plan(dice, aws, &scope);
        }
        estate
    }

    /// The accounts' ids.
    pub(crate) fn account_ids(&self) -> Vec<AccountId> {
        self.scopes.iter().map(|one| one.account.clone()).collect()
    }

    /// The account of a scope.
    pub(crate) fn account(&self, scope: &Scope) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.connection.account == scope.account)
    }

    /// Puts records into the tables of the first account: the records' AWS knows tables by name.
    pub(crate) fn add_records(&self, records: &FakeRecordsCloud) {
        let first = self.scopes.first();
        for table in self.tables.iter().filter(|one| Some(&one.scope) == first) {
            let held = records.add_table(&table.name);
            for number in 0..RECORDS {
                let text = format!(r#"{{"id":{{"S":"{number}"}}}}"#);
                if let Ok(item) = Item::parse(text) {
                    held.put(item);
                }
            }
        }
    }

    fn add_table(&mut self, dice: &Dice, aws: &FakeCloud, scope: &Scope, name: &str) {
        let since = build::moment() - SignedDuration::from_hours(48);
        let items = i64::try_from(dice.between(1, 1000)).unwrap_or(1);
        let mut table = FakeTable::new(name)
            .created_at(since)
            .items(items)
            .pitr(since, 35)
            .tag("owner", "olga");
        if dice.chance(0.5) {
            table = table.stream("NEW_IMAGE");
        }
        if dice.chance(0.5) {
            table = table.time_to_live("expires");
        }
        if dice.chance(0.3) {
            table = table.deletion_protection();
        }
        aws.add_table(scope, table);
        let resource = build::resource(scope, name).build();
        let backup = build::point(&resource, "unused")
            .outside_vaults(
                PointSource::DynamoDbBackup,
                &format!("{}/backup/0170000000000-{name}", resource.arn),
            )
            .build();
        self.tables.push(Table {
            scope: scope.clone(),
            name: name.to_owned(),
            settings: aws.settings(scope, name).unwrap_or_default(),
            backup: backup.arn.clone(),
        });
        self.add_point(dice, aws, backup);
        for number in 0..dice.between(1, POINTS) {
            let id = format!("{}-{name}-{number}", scope.account);
            let age = SignedDuration::from_hours(i64::try_from(number).unwrap_or(0) + 1);
            let point = build::point(&resource, &id).at(build::moment() - age);
            self.add_point(dice, aws, point.build());
        }
    }

    fn add_other(&mut self, dice: &Dice, aws: &FakeCloud, scope: &Scope) {
        let arn = format!(
            "arn:aws:ec2:{}:{}:volume/vol-1",
            scope.region, scope.account
        );
        let volume = build::resource(scope, "vol-1")
            .of(ResourceType::Ebs, &arn)
            .tag("owner", "olga")
            .build();
        self.others.push((scope.clone(), volume.arn.clone()));
        for number in 0..dice.between(1, POINTS) {
            let id = format!("{}-volume-{number}", scope.account);
            self.add_point(dice, aws, build::point(&volume, &id).build());
        }
        aws.add_resource(volume);
    }

    fn add_point(&mut self, dice: &Dice, aws: &FakeCloud, point: RecoveryPoint) {
        let items = i64::try_from(dice.between(1, 1000)).unwrap_or(1);
        self.items.insert(point.arn.clone(), items);
        aws.add_point(point.clone(), BTreeMap::new(), items);
        self.points.push(point);
    }

    fn add_plan(&mut self, dice: &Dice, aws: &FakeCloud, scope: &Scope) {
        if dice.chance(0.7)
            && let (Some(plan), Some(selection)) = (plan("gold", 35), selection(scope))
        {
            let id = aws.add_plan(scope, &plan, &[selection]);
            self.plans.push((scope.clone(), id));
        }
    }
}

/// A plan with one rule that keeps points for so many days.
pub(crate) fn plan(name: &str, days: i64) -> Option<BackupPlan> {
    serde_json::from_value(serde_json::json!({
        "BackupPlanName": name,
        "Rules": [{
            "RuleName": "daily",
            "TargetBackupVaultName": "Default",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "Lifecycle": {"DeleteAfterDays": days},
        }],
    }))
    .ok()
}

/// A selection of everything that olga owns.
pub(crate) fn selection(scope: &Scope) -> Option<BackupSelection> {
    let account = &scope.account;
    serde_json::from_value(serde_json::json!({
        "SelectionName": "olgas",
        "IamRoleArn": format!("arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"),
        "ListOfTags": [{
            "ConditionType": "STRINGEQUALS", "ConditionKey": "owner", "ConditionValue": "olga",
        }],
    }))
    .ok()
}
