use std::collections::BTreeMap;

use tidemark_domain::{
    AccountId, Arn, BackupRequest, JobFilter, PointFilter, ResourceFilter, RestoreSource, Role,
    VaultFilter,
    change::{ChangeRequest, ItemFilter, PointAction, PointPick, PointSelection},
    coverage::{Control, CoverageFilter},
    permissions::PermissionFilter,
    records::{CaptureMode, SetupRequest},
    runs::RunId,
};
use tidemark_services::{
    Caller, ServiceError,
    accounts::{self, AddAccount, Enrol, TemplateRequest},
    audit::{self, AuditOutcome},
    backup, cost, coverage, jobs, overview, permissions, points,
    ports::AuditFilter,
    records, resources, restore, runs, timeline,
    users::{self, AddUser, CreateUser},
    vaults,
};
use tidemark_testkit::build;

use crate::world::{ACCOUNT, World, caller, hour_ago};

const FILE: &str = "account,alias,regions\n555566667777,many,eu-west-1\n";

/// Every use case, called with valid input, by name. A new use case belongs here.
#[expect(clippy::too_many_lines, reason = "a table of every use case")]
async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let id = AccountId::parse(ACCOUNT).unwrap();
    let orders = world.orders();
    let unknown_run = RunId::new(world.clock.now());
    match use_case {
        "overview.get" => overview::get(s, who).await.map(drop),
        "account.list" => accounts::list(s, who).await.map(drop),
        "account.get" => accounts::get(s, who, &id).await.map(drop),
        "account.add" => accounts::add(s, who, &new_account()).await.map(drop),
        "account.check" => accounts::check(s, who, &id).await.map(drop),
        "account.refresh" => accounts::refresh(s, who, &id).await,
        "account.template" => {
            let request = TemplateRequest::one(&id);
            accounts::template(s, who, &request, &id).await.map(drop)
        }
        "account.leaving" => accounts::leaving(s, who, &id).await.map(drop),
        "account.rotate" => accounts::rotate(s, who, &id, false).await.map(drop),
        "account.rotate.give_up" => {
            let admin = caller(Role::Admin);
            // There is one to give up, or was one already.
            drop(accounts::rotate(s, &admin, &id, false).await);
            accounts::rotate(s, who, &id, true).await.map(drop)
        }
        "account.enrol.plan" => accounts::plan_enrolment(s, who, FILE).await.map(drop),
        "account.enrol" => {
            let admin = caller(Role::Admin);
            let plan = accounts::plan_enrolment(s, &admin, FILE).await.unwrap();
            let request = Enrol {
                file: FILE.to_owned(),
                digest: plan.digest,
                skip_wrong: false,
            };
            accounts::enrol(s, who, &request).await.map(drop)
        }
        "permissions.list" => {
            let all = PermissionFilter::default();
            permissions::list(s, who, &all).await.map(drop)
        }
        "permissions.show" => permissions::show(s, who, &id).await.map(drop),
        "permissions.refresh" => permissions::refresh(s, who, &id).await,
        "permissions.check" => permissions::check(s, who, &id).await.map(drop),
        "account.remove" => accounts::remove(s, who, &id).await,
        "resource.list" => resources::list(s, who, ResourceFilter::default())
            .await
            .map(drop),
        "resource.get" => resources::get(s, who, &orders).await.map(drop),
        "resource.refresh" => resources::refresh(s, who, &orders).await,
        "point.list" => {
            let filter = PointFilter {
                resource: Some(orders),
                ..PointFilter::default()
            };
            points::list(s, who, filter).await.map(drop)
        }
        "point.detail" => points::detail(s, who, &daily_point(world)).await.map(drop),
        "point.change.plan" => points::change::plan(s, who, deletion(world))
            .await
            .map(drop),
        "point.change" => {
            let admin = caller(Role::Admin);
            let plan = points::change::plan(s, &admin, deletion(world)).await?;
            let confirmed = points::change::Confirmed {
                digest: plan.digest,
                confirmation: plan.confirmation,
                reason: "a test".to_owned(),
                token: String::new(),
            };
            points::change::start(s, who, deletion(world), &confirmed)
                .await
                .map(drop)
        }
        "point.copy" | "point.copy.plan" => crate::point_copies::call(world, who, use_case).await,
        "job.search" => jobs::list(s, who, JobFilter::default()).await.map(drop),
        "job.causes" => jobs::causes(s, who, world.clock.now()).await.map(drop),
        "vault.list" => vaults::list(s, who, &VaultFilter::default())
            .await
            .map(drop),
        "vault.get" => vaults::get(s, who, &build::vault(&world.scope, "Default").arn)
            .await
            .map(drop),
        own if own.starts_with("vault.") || own.starts_with("hold.") => {
            crate::vaults::call(world, who, own).await
        }
        "bucket.copy" | "bucket.copy.plan" => {
            crate::bucket_copies::call(world, who, use_case).await
        }
        own if own.starts_with("bucket.") => crate::buckets::call(world, who, own).await,
        "run.items" => runs::items(s, who, unknown_run, &ItemFilter::default())
            .await
            .map(drop),
        "run.item_counts" => runs::item_counts(s, who, unknown_run).await.map(drop),
        "job.list" => points::jobs(s, who, &orders).await.map(drop),
        "timeline.lane" => timeline::lane(s, who, &orders, &window(world))
            .await
            .map(drop),
        "timeline.list" => {
            let shown = timeline::Shown::Page(ResourceFilter::default());
            timeline::list(s, who, shown, &window(world))
                .await
                .map(drop)
        }
        "timeline.one" => {
            let shown = timeline::Shown::One(orders);
            timeline::list(s, who, shown, &window(world))
                .await
                .map(drop)
        }
        "restore.prefill" => {
            let source = RestoreSource::PointInTime {
                at: world.clock.now(),
            };
            restore::prefill(s, who, &orders, &source).await.map(drop)
        }
        "restore.plan" => restore::plan(s, who, hour_ago(world)).await.map(drop),
        "restore.start" => {
            // The digest of the plan that an admin was shown: only the privilege may differ.
            let admin = caller(Role::Admin);
            let plan = restore::plan(s, &admin, hour_ago(world)).await?;
            restore::start(s, who, hour_ago(world), &plan.digest)
                .await
                .map(drop)
        }
        "backup.prefill" => backup::prefill(s, who, &orders).await.map(drop),
        "backup.start" => backup::start(s, who, backup_request(world)).await.map(drop),
        "run.list" => runs::list(s, who, &runs::RunListFilter::default())
            .await
            .map(drop),
        "run.get" => runs::get(s, who, unknown_run).await.map(drop),
        "run.events" => runs::events(s, who, unknown_run, 0).await.map(drop),
        "run.cancel" => runs::cancel(s, who, unknown_run, "").await,
        "run.retry" => runs::retry(s, who, unknown_run).await.map(drop),
        dump if dump.starts_with("dump.") => crate::dumps::call(world, who, dump).await,
        set if set.starts_with("set.") => crate::sets::call(world, who, set).await,
        plan if plan.starts_with("plan.") => crate::plans::call(world, who, plan).await,
        policy if policy.starts_with("policy.") => crate::policies::call(world, who, policy).await,
        own if own.starts_with("records.") => call_records(world, who, own).await,
        "control.list" => coverage::controls(s, who).await.map(drop),
        "control.changes" => coverage::changes(s, who).await.map(drop),
        "control.put" => coverage::put_control(s, who, &Control::defaults()[0]).await,
        "control.remove" => coverage::remove_control(s, who, "in-plan").await,
        "coverage.report" => coverage::report(s, who, &CoverageFilter::default())
            .await
            .map(drop),
        "coverage.csv" => coverage::csv(s, who, &CoverageFilter::default())
            .await
            .map(drop),
        "cost.report" => cost::report(s, who).await.map(drop),
        "cost.resource" => cost::resource(s, who, &orders).await.map(drop),
        "user.list" => users::list(s, who).await.map(drop),
        "user.create" => users::create(s, who, &new_user()).await.map(drop),
        own if own.starts_with("user.") => call_users(world, who, own).await,
        "audit.list" => audit::list(s, who, &AuditFilter::default()).await.map(drop),
        "audit.verify" => audit::verify(s, who).await.map(drop),
        other => panic!("{other} is not in the table"),
    }
}

/// The use cases of users, on one that an admin made.
async fn call_users(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let admin = caller(Role::Admin);
    users::create(s, &admin, &new_user()).await?;
    let name = "newcomer";
    match use_case {
        "user.add" => {
            let form = AddUser {
                name: "another".to_owned(),
                role: Role::Operator,
            };
            users::add(s, who, &form).await.map(drop)
        }
        "user.get" => users::get(s, who, name).await.map(drop),
        "user.change_role" => users::change_role(s, who, name, Role::Owner)
            .await
            .map(drop),
        "user.disable" => users::disable(s, who, name).await.map(drop),
        "user.enable" => users::enable(s, who, name).await.map(drop),
        "user.reset_password" => users::reset_password(s, who, name).await.map(drop),
        "user.unlock" => users::unlock(s, who, name).await.map(drop),
        other => panic!("{other} is not in the table"),
    }
}

/// The use cases of record-level backups.
async fn call_records(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let orders = world.orders();
    world.records.add_table("orders");
    let request = || SetupRequest::of_table(world.orders(), "tidemark-records-test");
    match use_case {
        "records.list" => records::list(s, who).await.map(drop),
        "records.get" => records::get(s, who, "none").await.map(drop),
        "records.of_table" => records::of_table(s, who, &orders).await.map(drop),
        "records.setup.prefill" => records::setup::prefill(s, who, &orders).await.map(drop),
        "records.setup.preview" => records::setup::preview(s, who, request()).await.map(drop),
        "records.setup.start" => records::setup::start(s, who, request(), "another")
            .await
            .map(drop),
        "records.prove" => records::prove::start(s, who, "none").await.map(drop),
        "records.mode" => records::set_mode(s, who, "none", CaptureMode::Off).await,
        "records.remove" => records::remove(s, who, "none").await,
        other => panic!("{other} is not in the table"),
    }
}

const READ: [&str; 23] = [
    "records.list",
    "records.get",
    "records.of_table",
    "overview.get",
    "account.list",
    "account.get",
    "resource.list",
    "resource.get",
    "point.list",
    "point.detail",
    "job.list",
    "job.search",
    "job.causes",
    "timeline.lane",
    "timeline.list",
    "timeline.one",
    "run.list",
    "control.list",
    "control.changes",
    "coverage.report",
    "coverage.csv",
    "cost.report",
    "cost.resource",
];
const READ_RUN: [&str; 4] = ["run.get", "run.events", "run.items", "run.item_counts"];
const READ_VAULTS: [&str; 5] = [
    "vault.list",
    "vault.get",
    "hold.list",
    "permissions.list",
    "permissions.show",
];
const READ_BUCKETS: [&str; 5] = [
    "bucket.list",
    "bucket.show",
    "bucket.browse",
    "bucket.blocks",
    "dump.list",
];
const MANAGE_BUCKETS: [&str; 6] = [
    "bucket.plan",
    "bucket.fix",
    "bucket.copy.plan",
    "bucket.copy",
    "dump.put",
    "dump.get",
];
const MANAGE_VAULTS: [&str; 4] = [
    "vault.create.plan",
    "vault.create",
    "vault.delete.plan",
    "vault.delete",
];
const MANAGE_RECORDS: [&str; 6] = [
    "records.setup.prefill",
    "records.setup.preview",
    "records.setup.start",
    "records.prove",
    "records.mode",
    "records.remove",
];
const MANAGE_POINTS: [&str; 4] = [
    "point.change.plan",
    "point.change",
    "point.copy.plan",
    "point.copy",
];
const OPERATE: [&str; 10] = [
    "set.restore.propose",
    "set.restore.plan",
    "set.restore",
    "restore.prefill",
    "restore.plan",
    "restore.start",
    "backup.prefill",
    "backup.start",
    "run.cancel",
    "run.retry",
];
const READ_PLANS: [&str; 13] = [
    "set.runs",
    "set.check",
    "set.list",
    "set.get",
    "set.recovery",
    "plan.future",
    "plan.export",
    "plan.list",
    "plan.get",
    "plan.versions",
    "plan.siblings",
    "plan.dry_run",
    "plan.dry_run_list",
];
const MANAGE_PLANS: [&str; 13] = [
    "set.put",
    "set.backup",
    "plan.import",
    "plan.context",
    "plan.check",
    "plan.change",
    "plan.apply",
    "plan.deletion",
    "plan.delete",
    "plan.rule_run",
    "plan.run_now",
    "plan.rollout",
    "plan.start_rollout",
];
const REFRESH: [&str; 3] = ["account.refresh", "resource.refresh", "permissions.refresh"];
const AUDIT: [&str; 2] = ["audit.list", "audit.verify"];
const ADMINISTER: [&str; 35] = [
    "vault.policy.plan",
    "vault.policy",
    "vault.lock.plan",
    "vault.lock",
    "vault.unlock.plan",
    "vault.unlock",
    "hold.create.plan",
    "hold.create",
    "hold.release",
    "permissions.check",
    "account.leaving",
    "account.rotate",
    "account.rotate.give_up",
    "account.enrol.plan",
    "account.enrol",
    "policy.show",
    "policy.roles",
    "policy.plan",
    "policy.check",
    "policy.change",
    "control.put",
    "control.remove",
    "account.add",
    "account.check",
    "account.template",
    "user.list",
    "user.create",
    "user.add",
    "user.get",
    "user.change_role",
    "user.disable",
    "user.enable",
    "user.reset_password",
    "user.unlock",
    "account.remove",
];

/// The table of who may what, written from the description of the roles, not from the code.
fn allowed(role: Role, use_case: &str) -> bool {
    let reads = READ.contains(&use_case) || READ_RUN.contains(&use_case);
    let plans = READ_PLANS.contains(&use_case);
    let vaults = READ_VAULTS.contains(&use_case) || READ_BUCKETS.contains(&use_case);
    match role {
        Role::Viewer => reads || plans || vaults,
        Role::Auditor => reads || plans || vaults || AUDIT.contains(&use_case),
        Role::Owner => reads || OPERATE.contains(&use_case),
        Role::Operator => {
            reads
                || plans
                || vaults
                || MANAGE_PLANS.contains(&use_case)
                || MANAGE_POINTS.contains(&use_case)
                || MANAGE_BUCKETS.contains(&use_case)
                || MANAGE_VAULTS.contains(&use_case)
                || MANAGE_RECORDS.contains(&use_case)
                || OPERATE.contains(&use_case)
                || REFRESH.contains(&use_case)
        }
        Role::Admin => true,
    }
}

#[tokio::test]
async fn every_role_may_exactly_what_the_table_says_and_refusals_are_audited() {
    let all = READ
        .iter()
        .chain(&READ_RUN)
        .chain(&READ_VAULTS)
        .chain(&MANAGE_POINTS)
        .chain(&READ_BUCKETS)
        .chain(&MANAGE_BUCKETS)
        .chain(&MANAGE_VAULTS)
        .chain(&MANAGE_RECORDS)
        .chain(&OPERATE)
        .chain(&READ_PLANS)
        .chain(&MANAGE_PLANS)
        .chain(&REFRESH)
        .chain(&AUDIT)
        .chain(&ADMINISTER);
    for use_case in all {
        for role in Role::ALL {
            let world = World::new().await;
            add_point(&world).await;
            let result = call(&world, &caller(role), use_case).await;
            let refused = matches!(result, Err(ServiceError::Forbidden(_)));
            assert_eq!(
                !refused,
                allowed(role, use_case),
                "{use_case} as {role:?}: {result:?}"
            );
            let denials = world
                .audit
                .records()
                .iter()
                .filter(|r| r.entry.outcome == AuditOutcome::Denied)
                .count();
            assert_eq!(
                denials,
                usize::from(refused),
                "{use_case} as {role:?} is audited"
            );
        }
    }
}

#[tokio::test]
async fn an_owner_reaches_only_resources_tagged_with_their_name() {
    let world = World::new().await;
    let stranger = Caller {
        name: "paul".to_owned(),
        ..caller(Role::Owner)
    };
    for use_case in [
        "resource.get",
        "point.list",
        "job.list",
        "timeline.lane",
        "timeline.one",
        "restore.plan",
        "backup.start",
    ] {
        let error = call(&world, &stranger, use_case).await.unwrap_err();
        assert!(
            matches!(error, ServiceError::NotFound(_)),
            "{use_case}: {error}"
        );
    }
    let rows = resources::list(&world.services, &stranger, ResourceFilter::default())
        .await
        .unwrap();
    assert!(rows.items.is_empty());
    let own = resources::list(
        &world.services,
        &caller(Role::Owner),
        ResourceFilter::default(),
    )
    .await
    .unwrap();
    assert_eq!(own.items.len(), 1);
}

#[tokio::test]
async fn an_owner_cannot_widen_a_list_by_naming_another_owner() {
    let world = World::new().await;
    let stranger = Caller {
        name: "paul".to_owned(),
        ..caller(Role::Owner)
    };
    let filter = ResourceFilter {
        owner: Some("olga".to_owned()),
        ..ResourceFilter::default()
    };
    let rows = resources::list(&world.services, &stranger, filter)
        .await
        .unwrap();
    assert!(rows.items.is_empty());
}

#[tokio::test]
async fn an_owner_sees_only_runs_that_they_began() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, hour_ago(&world))
        .await
        .unwrap();
    let id = restore::start(&world.services, &operator, hour_ago(&world), &plan.digest)
        .await
        .unwrap();
    let owner = caller(Role::Owner);
    let error = runs::get(&world.services, &owner, id).await.unwrap_err();
    assert!(matches!(error, ServiceError::NotFound(_)), "{error}");
    let list = runs::list(&world.services, &owner, &runs::RunListFilter::default())
        .await
        .unwrap();
    assert!(list.items.is_empty());
}

/// A point of `orders` in vault `Default`.
async fn add_point(world: &World) {
    let resource = build::resource(&world.scope, "orders").build();
    let point = build::point(&resource, "p-1").build();
    world.aws.add_point(point, BTreeMap::new(), 1);
    world.sync().await;
}

fn daily_point(world: &World) -> Arn {
    let resource = build::resource(&world.scope, "orders").build();
    build::point(&resource, "p-1").build().arn
}

fn deletion(world: &World) -> ChangeRequest {
    ChangeRequest {
        action: PointAction::Delete,
        selection: PointSelection::Picked(vec![PointPick {
            account: world.scope.account.clone(),
            arn: daily_point(world),
        }]),
        all: false,
    }
}

fn window(world: &World) -> timeline::Window {
    timeline::Window {
        from: world.clock.now() - jiff::SignedDuration::from_hours(24),
        until: world.clock.now(),
        columns: 100,
    }
}

fn new_account() -> AddAccount {
    AddAccount {
        account: "222233334444".to_owned(),
        alias: "another".to_owned(),
        role: String::new(),
        regions: "eu-west-1".to_owned(),
        features: String::new(),
    }
}

fn new_user() -> CreateUser {
    CreateUser {
        name: "newcomer".to_owned(),
        role: Role::Viewer,
        password: "a long password".to_owned(),
        must_change_password: true,
    }
}

fn backup_request(world: &World) -> BackupRequest {
    BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: String::new(),
    }
}
