use tidemark_domain::{
    Privilege,
    exchange::{ExchangeFormat, PlanBundle, PlanExport},
    plan::PlanKey,
};

use super::{dry_run::selections_of_record, find::find};
use crate::{Caller, ServiceError, Services};

/// A plan with its selections as a file. The ids that AWS gave are left out.
pub async fn export(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
    format: ExchangeFormat,
) -> Result<PlanExport, ServiceError> {
    let record = find(services, caller, key, Privilege::ReadPlans, "plan.export").await?;
    let mut plan = record.plan.clone();
    for rule in &mut plan.rules {
        rule.other.remove("RuleId");
    }
    let bundle = PlanBundle {
        backup_selections: selections_of_record(&record),
        ..PlanBundle::from(plan)
    };
    Ok(PlanExport::of(&[bundle], format)?)
}
