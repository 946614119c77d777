//! Names are what people and accounts make them: markup in one never becomes part of a page.

use std::collections::{BTreeSet, VecDeque};

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    Job, JobKind, LegalHold, Resource, ResourceType, Role,
    plan::{PlanRecord, SelectionRecord},
};
use tidemark_server::{
    config::Overrides,
    http::endpoints::{ENDPOINTS, Kind},
};
use tidemark_services::ports::ScopeSnapshot;
use tidemark_testkit::build;

use crate::{
    access::sample_path,
    support::{Client, ORDERS, TestConsole},
};

/// Harmless, and not as a page would write it: its own `&amp;` must come out as text as well.
const MARK: &str = "<i>x</i>&amp;";
const RAW: &str = "<i>x</i>";
const ESCAPED: &str = "&lt;i&gt;x&lt;/i&gt;&amp;amp;";

/// Enough to see every page with every kind of name, and an end.
const MOST: usize = 400;

/// Puts the mark wherever somebody may put a name.
#[expect(clippy::too_many_lines, reason = "a name of every kind")]
async fn marked(console: &TestConsole) {
    let scope = build::scope("111122223333", "eu-west-1");
    let services = &console.services;
    let mut account = services.accounts.list().await.unwrap().remove(0);
    MARK.clone_into(&mut account.alias);
    services.accounts.update(&account).await.unwrap();
    let now = services.clock.now();
    let volume = Resource {
        name: MARK.to_owned(),
        ..build::resource(&scope, "unused")
            .of(
                ResourceType::from("EBS"),
                "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
            )
            .tag(MARK, MARK)
            .tag("owner", MARK)
            .size(7)
            .build()
    };
    let table = build::resource(&scope, "orders").tag("team", MARK).build();
    let mut points = Vec::new();
    for (resource, id) in [(&volume, "p-1"), (&table, "p-2")] {
        let mut point = build::point(resource, id)
            .at(now - SignedDuration::from_hours(3))
            .vault(MARK)
            .status("PARTIAL")
            .build();
        point.status_message = Some(MARK.to_owned());
        point.plan_id = Some("plan-1".to_owned());
        points.push(point);
    }
    let mut copy = build::point(&volume, "copy").vault(MARK).build();
    copy.copied_from = Some(points[0].arn.clone());
    points.push(copy);
    let jobs = [(JobKind::Backup, "FAILED"), (JobKind::Restore, "FAILED")]
        .into_iter()
        .enumerate()
        .map(|(n, (kind, status))| Job {
            id: format!("job-{n}"),
            kind,
            account: scope.account.clone(),
            region: scope.region.clone(),
            resource_arn: Some(volume.arn.clone()),
            point_arn: Some(points[0].arn.clone()),
            status: status.to_owned(),
            message: Some(MARK.to_owned()),
            percent: None,
            created_at: now - SignedDuration::from_hours(2),
            completed_at: Some(now - SignedDuration::from_hours(1)),
            vault: Some(MARK.to_owned()),
            plan_id: Some("plan-1".to_owned()),
            rule_id: None,
            start_by: None,
        })
        .collect();
    let hold = LegalHold {
        id: "hold-1".to_owned(),
        arn: build::arn("arn:aws:backup:eu-west-1:111122223333:legal-hold:hold-1"),
        account: scope.account.clone(),
        region: scope.region.clone(),
        title: MARK.to_owned(),
        description: MARK.to_owned(),
        status: "ACTIVE".to_owned(),
        created_at: now,
        cancelled_at: None,
        vaults: vec![MARK.to_owned()],
        resources: vec![volume.arn.to_string()],
        from: None,
        until: None,
        points: 1,
    };
    let plan = PlanRecord {
        account: scope.account.clone(),
        region: scope.region.clone(),
        id: "plan-1".to_owned(),
        arn: build::arn("arn:aws:backup:eu-west-1:111122223333:backup-plan:plan-1"),
        version_id: "v1".to_owned(),
        plan: serde_json::from_value(json!({
            "BackupPlanName": MARK,
            "Rules": [{
                "RuleName": MARK, "RuleId": MARK, "TargetBackupVaultName": MARK,
                "RecoveryPointTags": {MARK: MARK},
                "CopyActions": [{"DestinationBackupVaultArn": MARK}],
            }],
            MARK: MARK,
        }))
        .unwrap(),
        selections: vec![SelectionRecord {
            id: "s-1".to_owned(),
            created_at: None,
            selection: serde_json::from_value(json!({
                "SelectionName": MARK,
                "IamRoleArn": MARK,
                "Resources": [MARK, "*"],
                "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": MARK, "ConditionValue": MARK}],
            }))
            .unwrap(),
        }],
        created_at: now,
        last_execution: Some(now),
        taken: Some(1),
    };
    let vault = build::vault(&scope, MARK);
    let mut vault = tidemark_domain::Vault {
        arn: build::arn("arn:aws:backup:eu-west-1:111122223333:backup-vault:marked"),
        ..vault
    };
    vault.access_policy = Some(MARK.to_owned());
    let snapshot = ScopeSnapshot {
        vaults: vec![vault, build::vault(&scope, "Default")],
        resources: vec![volume, table],
        points,
        jobs,
        holds: vec![hold],
        plans: vec![plan],
        ..ScopeSnapshot::default()
    };
    services
        .catalogue
        .apply_sync(&scope, &snapshot, now)
        .await
        .unwrap();
    let mut capture = build::capture(&scope, "orders");
    MARK.clone_into(&mut capture.prefix);
    services.captures.create(&capture).await.unwrap();
}

/// Reasons, control names and the names of failed sign-ins come by the doors that people use.
async fn written(console: &TestConsole, client: &mut Client) {
    let body = json!({"resource": ORDERS, "vault": "Default", "reason": MARK});
    client
        .json("/api/v1/backups", &body)
        .await
        .expect(StatusCode::ACCEPTED);
    let control = [("name", MARK), ("kind", "in_plan"), ("enabled", "on")];
    client.form("/api/coverage/put", &control).await;
    let sign_in = [("name", MARK), ("password", MARK)];
    console
        .client()
        .form("/api/session/sign_in", &sign_in)
        .await;
    let page = [("name", MARK), ("password", MARK), ("page", "/sign-in")];
    let answer = console
        .client()
        .browser()
        .form("/api/session/sign_in", &page)
        .await;
    assert!(!answer.body.contains(RAW), "{}", answer.body);
}

/// Pages of this console that a page links to.
fn links(body: &str) -> Vec<String> {
    body.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with('/') && !href.starts_with("/pkg") && !href.contains('#'))
        .map(|href| href.replace("&amp;", "&"))
        .collect()
}

#[tokio::test]
async fn no_page_shows_a_name_as_markup() {
    let console = TestConsole::with(&Overrides::default(), |config| {
        config.limits.request_burst = 100_000;
    })
    .await;
    marked(&console).await;
    let mut client = console.signed_in(Role::Admin).await;
    written(&console, &mut client).await;
    let mut client = client.browser();

    let mark = "%3Ci%3Ex%3C%2Fi%3E%26amp%3B";
    let mut todo: VecDeque<String> = ENDPOINTS
        .iter()
        .filter(|e| e.method == Method::GET && e.kind == Kind::Page && e.path != "/password")
        .flat_map(|endpoint| {
            // What an address says is a name as well.
            let path = sample_path(endpoint);
            let bare = path.split('?').next().unwrap_or_default().to_owned();
            let names = [
                "text",
                "account",
                "region",
                "vault",
                "arn",
                "id",
                "key",
                "partition",
                "table",
                "plan",
                "reason",
                "next",
                "rule",
                "scope",
                "kind",
                "tag",
                "capture",
            ];
            let asked: Vec<String> = names.iter().map(|n| format!("{n}={mark}")).collect();
            let each = asked
                .iter()
                .map(|name| format!("{bare}?{name}"))
                .collect::<Vec<_>>();
            let all = format!("{bare}?{}", asked.join("&"));
            [path, all].into_iter().chain(each)
        })
        .collect();
    for path in [
        "/timeline/export.svg",
        "/resources/view?arn=arn%3Aaws%3Aec2%3Aeu-west-1%3A111122223333%3Avolume%2Fvol-1",
    ] {
        todo.push_front(path.to_owned());
    }
    let asked = todo.len();
    let mut seen = BTreeSet::new();
    let (mut escaped, mut titles) = (0, 0);
    while let Some(path) = todo.pop_front() {
        if seen.len() >= asked + MOST || !seen.insert(path.clone()) {
            continue;
        }
        let page = client.get(&path).await;
        // AWS may not know what the catalogue does.
        assert_ne!(
            page.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{path}: {}",
            page.body
        );
        // A file of figures is no markup.
        let is_file = path.contains(".csv") || path.contains(".json") || path.starts_with("/api/");
        if let Some(at) = page.body.find(RAW).filter(|_| !is_file) {
            let from = page.body.floor_char_boundary(at.saturating_sub(200));
            let around: String = page.body[from..].chars().take(400).collect();
            panic!("{path} shows it raw: …{around}…");
        }
        escaped += usize::from(page.body.contains(ESCAPED));
        let title = page.body.split("<title>").nth(1).unwrap_or_default();
        let title = title.split("</title>").next().unwrap_or_default();
        assert!(
            !title.contains("&amp;lt;"),
            "{path} escapes it twice: {title}"
        );
        titles += usize::from(title.contains(ESCAPED));
        if page.header("content-type").starts_with("text/html") {
            todo.extend(links(&page.body));
        }
    }
    assert!(
        escaped > 100,
        "{escaped} of {} pages show the name",
        seen.len()
    );
    assert!(titles > 5, "{titles} titles show the name");
}
