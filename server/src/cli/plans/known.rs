use tidemark_domain::{
    AccountId, Region,
    exchange::PlanBundle,
    plan::{PlanFilter, PlanKey, PlanRecord},
};
use tidemark_services::plans;

use crate::cli::{CliError, Console};

/// The plan of this name in an account and Region, as the catalogue knows it; none when there is none.
pub(super) async fn named(
    console: &Console,
    account: &AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<PlanRecord>, CliError> {
    let filter = PlanFilter {
        name: Some(name.to_owned()),
        account: Some(account.clone()),
        region: Some(region.clone()),
        ..PlanFilter::default()
    };
    let (services, caller) = (console.services(), &console.caller);
    let page = plans::list(services, caller, &filter).await?;
    let Some(row) = page.items.into_iter().find(|row| row.name == name) else {
        return Ok(None);
    };
    let key = PlanKey {
        account: row.account,
        region: row.region,
        id: row.id,
    };
    Ok(Some(plans::get(services, caller, &key).await?.record))
}

/// The plan as it travels.
pub(super) fn bundle(record: PlanRecord) -> PlanBundle {
    PlanBundle {
        backup_plan: record.plan,
        backup_selections: record
            .selections
            .into_iter()
            .map(|one| one.selection)
            .collect(),
    }
}
