use jiff::Timestamp;
use serde_json::Value;
use tidemark_domain::{
    AccountId, Arn, PointSource, RecoveryPoint, Region, ResourceType, Tier,
    plan::BackupPlan,
    simulate::{PlanVersion, SimPlan, SimResource},
};

pub(crate) const HOME: &str = "111122223333";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn table(name: &str) -> Arn {
    Arn::parse(format!("arn:aws:dynamodb:eu-west-1:{HOME}:table/{name}")).unwrap()
}

pub(crate) fn resource(arn: Arn, size: u64) -> SimResource {
    SimResource {
        arn,
        resource_type: ResourceType::DynamoDb,
        size_bytes: Some(size),
        cold: true,
        cold_by_opt_in: false,
        continuous: false,
    }
}

pub(crate) fn version(id: &str, rules: Value, from: &str, until: Option<&str>) -> PlanVersion {
    let plan: BackupPlan =
        serde_json::from_value(serde_json::json!({"BackupPlanName": "gold", "Rules": rules}))
            .unwrap();
    PlanVersion {
        id: id.to_owned(),
        plan,
        valid_from: at(from),
        valid_until: until.map(at),
    }
}

pub(crate) fn plan(versions: Vec<PlanVersion>, resources: Vec<SimResource>) -> SimPlan {
    SimPlan {
        id: "plan-1".to_owned(),
        account: AccountId::parse(HOME).unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        versions,
        resources,
    }
}

/// A real snapshot of the table `orders`.
pub(crate) fn point(id: &str, created: &str, delete: Option<&str>) -> RecoveryPoint {
    RecoveryPoint {
        arn: Arn::parse(format!(
            "arn:aws:backup:eu-west-1:{HOME}:recovery-point:{id}"
        ))
        .unwrap(),
        resource_arn: table("orders"),
        resource_type: ResourceType::DynamoDb,
        account: AccountId::parse(HOME).unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        vault: Some("main".to_owned()),
        source: PointSource::AwsBackup,
        status: "COMPLETED".to_owned(),
        status_message: None,
        created_at: at(created),
        completed_at: Some(at(created)),
        size_bytes: Some(5),
        tier: Tier::Warm,
        cold_at: None,
        delete_at: delete.map(at),
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: Some("plan-1".to_owned()),
        rule_id: None,
    }
}
