use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::{
    BackupRequest,
    change::{ChangeRequest, PointAction, PointSelection},
    runs::RunId,
};
use tidemark_sandbox_backup::{SeedPoints, model::Scope};
use tidemark_services::{backup, points::change};

use crate::estate::{Estate, REGION, TABLE, VAULT, operator};

pub(super) async fn back_up(estate: &Estate) -> RunId {
    estate.make_table().await;
    estate.read().await;
    let request = BackupRequest {
        resource: estate.table_arn(TABLE),
        vault: VAULT.to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: "before a deployment".to_owned(),
    };
    backup::start(&estate.services, &operator(), request)
        .await
        .unwrap()
}

pub(super) async fn delete_points(estate: &Estate) -> RunId {
    estate.make_table().await;
    let now = estate.sky.now();
    let seed = SeedPoints {
        vault: VAULT.to_owned(),
        resource_arn: estate.table_arn(TABLE).to_string(),
        count: 12,
        newest: now - SignedDuration::from_hours(1),
        every: SignedDuration::from_hours(1),
        delete_after_days: Some(90),
        size_bytes: 10,
    };
    let scope = Scope::new(&estate.account, REGION);
    estate
        .sky
        .sandbox
        .backup()
        .seed_points(&scope, &seed, now)
        .unwrap();
    estate.read().await;
    let request = ChangeRequest {
        action: PointAction::Delete,
        selection: PointSelection::Matching(Box::default()),
        all: true,
    };
    let plan = change::plan(&estate.services, &operator(), request.clone())
        .await
        .unwrap();
    let confirmed = change::Confirmed {
        digest: plan.digest,
        confirmation: plan.confirmation,
        reason: "cleaning up".to_owned(),
        token: "form-1".to_owned(),
    };
    change::start(&estate.services, &operator(), request, &confirmed)
        .await
        .unwrap()
}

pub(super) fn check_backed_up(world: &Value) {
    assert_eq!(
        world["backup"]["points"].as_array().unwrap().len(),
        1,
        "{world}"
    );
    assert_eq!(world["backup"]["jobs"][0][0], "COMPLETED", "{world}");
}

pub(super) fn check_deleted(world: &Value) {
    assert_eq!(
        world["backup"]["points"].as_array().unwrap().len(),
        0,
        "{world}"
    );
}
