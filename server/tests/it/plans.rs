//! Backup plans over the simulated AWS and a real database: made, run for a week, changed, rolled
//! out, deleted, and each backup shown as what it is.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde_json::json;
use tidemark_domain::{
    AccountId, PointFilter, RecoveryPoint, Region, Role, Scope,
    plan::{PlanDraft, PlanFilter, PlanKey, RolloutRequest, SelectionDraft, diff_plans, same_plan},
    runs::{RunId, RunState, RunView},
};
use tidemark_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use tidemark_sandbox_backup::{
    CreateVault, LockRequest,
    model::{JobTiming, Outage, Scope as SimScope},
};
use tidemark_server::{
    config::{Config, Overrides},
    wiring::{self, AwsAccess, Wired},
};
use tidemark_services::{
    Caller, Services,
    accounts::{self, AddAccount, TemplateRequest},
    plans,
    sync::{SyncConfig, SyncWorker},
};

use crate::support::target::TargetAccount;

const CONSOLE: &str = "111111111111";
const ORDERS: &str = "222222222222";
const DR: &str = "444444444444";
const REGION: &str = "eu-west-1";

/// The day of the weekly rule, three days on: each week that passes in a test holds it once, and
/// the single days after that week do not hold it, whatever day the test is run on.
static WEEKLY: LazyLock<String> = LazyLock::new(|| {
    let today = Timestamp::now().to_zoned(TimeZone::UTC);
    (today + 3.days()).strftime("%a").to_string().to_uppercase()
});

struct Estate {
    sandbox: RunningSandbox,
    wired: Wired,
    operator: Caller,
    _folder: tempfile::TempDir,
}

impl Estate {
    /// Two accounts with the roles of the console's template, a table in one, vaults in both.
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        sandbox.backup().set_timing(JobTiming::instant());
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("console.db");
        let config = Config::with(&Overrides {
            database_url: Some(format!("sqlite://{}", database.display())),
            ..Overrides::default()
        })
        .unwrap();
        let access = AwsAccess::Sandbox {
            endpoint: sandbox.endpoint_url().to_owned(),
            account: CONSOLE.parse().unwrap(),
        };
        let estate = Self {
            wired: wiring::wire(&config, &access).await.unwrap(),
            operator: caller(Role::Operator),
            sandbox,
            _folder: folder,
        };
        for (id, alias) in [(ORDERS, "orders-prod"), (DR, "disaster-recovery")] {
            estate.add(id, alias).await;
        }
        estate.orders().table("orders", 3).await;
        estate.vault(ORDERS, "main").await;
        estate.vault(ORDERS, "weekly").await;
        estate.vault(DR, "dr").await;
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{ORDERS}:root")},
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "*",
        }]});
        let backup = estate.sandbox.backup();
        backup
            .put_access_policy(&sim(DR), "dr", &policy.to_string())
            .unwrap();
        estate.sync().await;
        estate
    }

    async fn add(&self, id: &str, alias: &str) {
        let admin = caller(Role::Admin);
        let form = AddAccount {
            account: id.to_owned(),
            alias: alias.to_owned(),
            role: String::new(),
            regions: REGION.to_owned(),
            features: String::new(),
        };
        let account = accounts::add(self.services(), &admin, &form).await.unwrap();
        let console: AccountId = CONSOLE.parse().unwrap();
        let id = &account.connection.account;
        let template =
            accounts::template(self.services(), &admin, &TemplateRequest::one(id), &console)
                .await
                .unwrap();
        TargetAccount::root(self.sandbox.endpoint_url(), id.as_str())
            .deploy(&template)
            .await;
    }

    fn services(&self) -> &Arc<Services> {
        &self.wired.services
    }

    fn orders(&self) -> TargetAccount {
        TargetAccount::root(self.sandbox.endpoint_url(), ORDERS)
    }

    /// A vault under a key that both accounts may use.
    async fn vault(&self, account: &str, name: &str) {
        let both = [ORDERS, DR].map(|id| format!("arn:aws:iam::{id}:root"));
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": both},
            "Action": "kms:*",
            "Resource": "*",
        }]});
        let input = json!({"Policy": policy.to_string()});
        let made = self
            .sandbox
            .invoke(account, REGION, "kms", "CreateKey", input)
            .await
            .unwrap();
        let key = made["KeyMetadata"]["Arn"].as_str().unwrap();
        let request = CreateVault {
            name: name.to_owned(),
            encryption_key_arn: Some(key.to_owned()),
            ..CreateVault::default()
        };
        self.sandbox
            .backup()
            .create_vault(&sim(account), request, self.sandbox.clock().now())
            .unwrap();
    }

    async fn sync(&self) {
        SyncWorker::new(self.services().clone(), SyncConfig::default())
            .round(None)
            .await;
        for state in self.services().catalogue.scopes(None).await.unwrap() {
            assert_eq!(state.error, None, "{:?}", state.scope);
        }
    }

    /// Moves AWS's clock on, and the backups with it.
    async fn pass(&self, time: SignedDuration) {
        self.sandbox.clock().advance(time);
        let (backup, now) = (self.sandbox.backup().clone(), self.sandbox.clock().now());
        tokio::task::spawn_blocking(move || backup.tick(now))
            .await
            .unwrap();
        self.sync().await;
    }

    /// Carries a run out until it has ended.
    async fn finish(&self, run: RunId) -> RunView {
        for _ in 0..200 {
            let due = self.services().runs.run_until_idle().await.unwrap();
            let view = self.services().runs.view(run).await.unwrap();
            if view.state.is_terminal() {
                return view;
            }
            // The run sleeps until it looks at AWS again.
            let wait = due.map_or(SignedDuration::ZERO, |due| {
                due.duration_since(self.services().clock.now())
            });
            tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
        }
        panic!("run {run} did not end");
    }

    async fn succeed(&self, run: RunId) -> RunView {
        let view = self.finish(run).await;
        assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
        self.sync().await;
        view
    }

    async fn save(&self, draft: PlanDraft) -> RunView {
        let (services, operator) = (self.services(), &self.operator);
        let change = plans::change(services, operator, draft.clone())
            .await
            .unwrap();
        assert!(change.can_apply(), "{:#?}", change.findings);
        let run = plans::apply(services, operator, draft, &change.digest)
            .await
            .unwrap();
        self.succeed(run).await
    }

    async fn points(&self, account: &str, vault: &str) -> Vec<RecoveryPoint> {
        let filter = PointFilter {
            account: Some(account.parse().unwrap()),
            limit: Some(1000),
            ..PointFilter::default()
        };
        let page = self.services().catalogue.points(&filter).await.unwrap();
        page.items
            .into_iter()
            .filter(|point| point.vault.as_deref() == Some(vault))
            .collect()
    }

    async fn job_states(&self, key: &PlanKey) -> BTreeMap<(String, String), usize> {
        let mut states = BTreeMap::new();
        for job in self.services().catalogue.plan_jobs(key, 200).await.unwrap() {
            assert_eq!(job.plan_id.as_ref(), Some(&key.id));
            assert!(job.rule_id.is_some(), "{job:?}");
            *states
                .entry((format!("{:?}", job.kind), job.status))
                .or_default() += 1;
        }
        states
    }

    async fn only_plan(&self) -> tidemark_domain::plan::PlanRecord {
        let filter = PlanFilter {
            account: Some(ORDERS.parse().unwrap()),
            ..PlanFilter::default()
        };
        let mut page = self.services().catalogue.plans(&filter).await.unwrap();
        assert_eq!(page.items.len(), 1);
        page.items.remove(0)
    }
}

fn caller(role: Role) -> Caller {
    Caller {
        user_id: None,
        name: role.as_str().to_owned(),
        role,
        origin: "test".to_owned(),
    }
}

fn sim(account: &str) -> SimScope {
    SimScope::new(account, REGION)
}

fn scope(account: &str) -> Scope {
    Scope {
        account: account.parse().unwrap(),
        region: Region::parse(REGION).unwrap(),
    }
}

fn draft() -> PlanDraft {
    PlanDraft {
        account: ORDERS.parse().unwrap(),
        region: Region::parse(REGION).unwrap(),
        plan_id: None,
        version_id: None,
        plan: serde_json::from_value(json!({
            "BackupPlanName": "orders",
            "AdvancedBackupSettings": [
                {"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}
            ],
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "main",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180,
                "Lifecycle": {"DeleteAfterDays": 35},
                "CopyActions": [{
                    "DestinationBackupVaultArn":
                        format!("arn:aws:backup:{REGION}:{DR}:backup-vault:dr"),
                    "Lifecycle": {"DeleteAfterDays": 90},
                }],
            }, {
                "RuleName": "weekly",
                "TargetBackupVaultName": "weekly",
                "ScheduleExpression": format!("cron(0 12 ? * {} *)", *WEEKLY),
                "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180,
                "Lifecycle": {"DeleteAfterDays": 90},
            }],
        }))
        .unwrap(),
        selections: vec![SelectionDraft {
            id: None,
            selection: serde_json::from_value(json!({
                "SelectionName": "the-orders",
                "IamRoleArn": format!(
                    "arn:aws:iam::{ORDERS}:role/service-role/AWSBackupDefaultServiceRole"
                ),
                "ListOfTags": [{
                    "ConditionType": "STRINGEQUALS",
                    "ConditionKey": "team",
                    "ConditionValue": "orders",
                }],
            }))
            .unwrap(),
        }],
        reason: "the orders must not be lost".to_owned(),
    }
}

fn days_kept(point: &RecoveryPoint) -> i64 {
    let kept = point.delete_at.unwrap().duration_since(point.created_at);
    kept.as_hours() / 24
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn a_plan_is_made_runs_for_a_week_is_changed_and_every_backup_shows_as_what_it_is() {
    let estate = Estate::new().await;
    let (services, operator) = (estate.services().clone(), estate.operator.clone());

    // Made as shown.
    let change = plans::change(&services, &operator, draft()).await.unwrap();
    assert!(change.can_apply(), "{:#?}", change.findings);
    assert_eq!((change.dry_run.taken, change.won), (1, 1));
    let view = estate.save(draft()).await;
    let key = PlanKey {
        account: ORDERS.parse().unwrap(),
        region: Region::parse(REGION).unwrap(),
        id: view.summary["plan"]["id"].as_str().unwrap().to_owned(),
    };
    let detail = plans::get(&services, &operator, &key).await.unwrap();
    let differences = diff_plans(&draft().plan, &detail.record.plan);
    assert!(differences.is_empty(), "{differences:?}");
    assert_eq!(detail.record.taken, Some(1));
    assert_eq!(detail.record.selections.len(), 1);
    assert!(detail.points == 0 && detail.jobs.is_empty());

    // In one night no job can start; the weekly vault is locked to more than the rule keeps.
    let now = estate.sandbox.clock().now();
    let runs = change.next_runs.iter().filter(|run| run.rule == "daily");
    let third = runs.map(|run| run.at).nth(2).unwrap();
    assert!(third > now);
    estate.sandbox.backup().add_outage(Outage {
        scope: sim(ORDERS),
        resource_arn: None,
        from: third - SignedDuration::from_mins(5),
        until: third + SignedDuration::from_hours(3),
    });
    let lock = LockRequest {
        min_retention_days: Some(365),
        ..LockRequest::default()
    };
    estate
        .sandbox
        .backup()
        .put_lock(&sim(ORDERS), "weekly", lock, now)
        .unwrap();
    estate.pass(SignedDuration::from_hours(7 * 24)).await;

    // Six points, each copied; one night missed; the weekly one failed, with AWS's reason.
    let points = estate.points(ORDERS, "main").await;
    assert_eq!(points.len(), 6);
    assert!(points.iter().all(|point| days_kept(point) == 35));
    assert!(
        points
            .iter()
            .all(|point| point.plan_id.as_ref() == Some(&key.id) && point.rule_id.is_some())
    );
    let copies = estate.points(DR, "dr").await;
    assert_eq!(copies.len(), 6);
    assert!(copies.iter().all(|point| days_kept(point) == 90));
    assert!(estate.points(ORDERS, "weekly").await.is_empty());
    let state = |kind: &str, state: &str| (kind.to_owned(), state.to_owned());
    assert_eq!(
        estate.job_states(&key).await,
        BTreeMap::from([
            (state("Backup", "COMPLETED"), 6),
            (state("Backup", "EXPIRED"), 1),
            (state("Backup", "FAILED"), 1),
            (state("Copy", "COMPLETED"), 6),
        ])
    );
    let detail = plans::get(&services, &operator, &key).await.unwrap();
    let missed = detail
        .jobs
        .iter()
        .find(|job| job.status == "EXPIRED")
        .unwrap();
    assert_eq!(missed.created_at, third);
    assert_eq!(missed.start_by, Some(third + SignedDuration::from_hours(1)));
    let failed = detail
        .jobs
        .iter()
        .find(|job| job.status == "FAILED")
        .unwrap();
    assert_eq!(failed.vault.as_deref(), Some("weekly"));
    assert!(
        failed.message.as_deref().unwrap().contains("retention"),
        "{failed:?}"
    );
    assert_eq!(detail.points, 6);
    // The lock is now known, so the plan itself says what is wrong.
    assert!(
        detail
            .findings
            .iter()
            .any(|f| f.is_error() && f.rule.contains("at least 365")),
        "{:?}",
        detail.findings
    );
    let rows = plans::list(&services, &operator, &PlanFilter::default())
        .await
        .unwrap();
    assert_eq!(
        (rows.items[0].errors, rows.items[0].resources),
        (1, Some(1))
    );

    // Another retention is a version; what was made before keeps its own.
    let mut change = PlanDraft::of(&estate.only_plan().await);
    for (rule, days) in change.plan.rules.iter_mut().zip([50, 400]) {
        rule.lifecycle.as_mut().unwrap().delete_after_days = Some(days);
    }
    estate.save(change).await;
    let versions = plans::versions(&services, &operator, &key).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert!(versions[0].created_at > versions[1].created_at);
    assert_eq!(versions[0].plan.rules[0].keeps_days(), Some(50));
    assert!(same_plan(&versions[1].plan, &draft().plan));
    estate.pass(SignedDuration::from_hours(24)).await;
    let mut kept: Vec<i64> = estate
        .points(ORDERS, "main")
        .await
        .iter()
        .map(days_kept)
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, [35, 35, 35, 35, 35, 35, 50]);

    // Gone: the points stay, no new one comes, the versions tell what was.
    let deletion = plans::deletion(&services, &operator, &key).await.unwrap();
    assert_eq!((deletion.points, deletion.unprotected), (7, 1));
    let run = plans::delete(&services, &operator, &key, &deletion.digest, "moved")
        .await
        .unwrap();
    estate.succeed(run).await;
    estate.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(estate.points(ORDERS, "main").await.len(), 7);
    let versions = plans::versions(&services, &operator, &key).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert!(versions.iter().all(|version| version.deleted_at.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_run_by_hand_and_a_plan_is_rolled_out_with_a_result_per_account() {
    let estate = Estate::new().await;
    let (services, operator) = (estate.services().clone(), estate.operator.clone());
    estate.save(draft()).await;
    let key = estate.only_plan().await.key();

    let shown = plans::rule_run(&services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 1);
    let run = plans::run_now(&services, &operator, &key, "daily", &shown.digest, "now")
        .await
        .unwrap();
    let view = estate.succeed(run).await;
    assert_eq!(view.summary["completed"], 1);
    let points = estate.points(ORDERS, "main").await;
    assert_eq!(points.len(), 1);
    assert_eq!(days_kept(&points[0]), 35);

    // The DR account lacks the vaults; then it has them.
    let request = RolloutRequest {
        plan: draft().plan,
        selections: vec![draft().selections[0].selection.clone()],
        targets: vec![scope(ORDERS), scope(DR)],
        reason: "the same everywhere".to_owned(),
    };
    let shown = plans::rollout(&services, &operator, request.clone())
        .await
        .unwrap();
    let refused = shown.targets[1].refused.as_deref().unwrap();
    assert!(refused.contains("there is no main"), "{refused}");
    estate.vault(DR, "main").await;
    estate.vault(DR, "weekly").await;
    estate.sync().await;
    let shown = plans::rollout(&services, &operator, request.clone())
        .await
        .unwrap();
    assert!(
        shown.targets.iter().all(|target| target.refused.is_none()),
        "{shown:#?}"
    );
    let run = plans::start_rollout(&services, &operator, request, &shown.digest)
        .await
        .unwrap();
    let view = estate.succeed(run).await;
    assert_eq!(
        (&view.summary["saved"], &view.summary["failed"]),
        (&json!(1), &json!(0))
    );
    let detail = plans::get(&services, &operator, &key).await.unwrap();
    assert_eq!(detail.siblings.len(), 1);
    assert_eq!(detail.siblings[0].account.as_str(), DR);
    assert!(detail.siblings[0].differences.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_of_the_retention_keeps_what_aws_answers_beside_the_plan() {
    let estate = Estate::new().await;
    let (services, operator) = (estate.services().clone(), estate.operator.clone());
    let mut made = draft();
    made.plan.set_tags(Some(json!({"cost-centre": "4711"})));
    let view = estate.save(made).await;
    let key = PlanKey {
        account: ORDERS.parse().unwrap(),
        region: Region::parse(REGION).unwrap(),
        id: view.summary["plan"]["id"].as_str().unwrap().to_owned(),
    };
    let record = plans::get(&services, &operator, &key).await.unwrap().record;
    let settings = draft().plan.other["AdvancedBackupSettings"].clone();
    assert_eq!(record.plan.other["AdvancedBackupSettings"], settings);

    let mut edited = PlanDraft::of(&record);
    let lifecycle = edited.plan.rules[0].lifecycle.as_mut().unwrap();
    lifecycle.delete_after_days = Some(45);
    let shown = plans::change(&services, &operator, edited.clone())
        .await
        .unwrap();
    let fields: Vec<&str> = shown.differences.iter().map(|d| d.field.as_str()).collect();
    assert_eq!(fields, ["Rules[daily].Lifecycle.DeleteAfterDays"]);
    estate.save(edited).await;

    let after = plans::get(&services, &operator, &key).await.unwrap().record;
    assert_eq!(after.plan.rules[0].keeps_days(), Some(45));
    assert_eq!(after.plan.other["AdvancedBackupSettings"], settings);
    let fields: Vec<String> = diff_plans(&record.plan, &after.plan)
        .into_iter()
        .map(|difference| difference.field)
        .collect();
    assert_eq!(fields, ["Rules[daily].Lifecycle.DeleteAfterDays"]);
    assert_eq!(after.plan.tags().unwrap(), [("cost-centre", "4711")].into());
}
