use serde_json::Value;
use tidemark_domain::{
    AccountId, Invalid, Region,
    exchange::{
        ImportContext, PlanBundle, normalised, to_cloudformation, to_json, to_terraform, to_yaml,
    },
    plan::{PlanDraft, PlanRecord, SelectionDraft},
};

use crate::server_fns::plans::PlanExport;

/// A plan as AWS holds it, in the form of others.
pub(crate) fn plan_export(record: PlanRecord, format: &str) -> Result<PlanExport, Invalid> {
    let name = record.plan.backup_plan_name.clone();
    let bundle = PlanBundle {
        backup_plan: record.plan,
        backup_selections: record
            .selections
            .into_iter()
            .map(|one| one.selection)
            .collect(),
    };
    let template =
        || -> Result<Value, Invalid> { to_cloudformation(std::slice::from_ref(&bundle)) };
    let (text, lost) = match format {
        "json" => (normalised(&to_json(&bundle)?), Vec::new()),
        "cloudformation" => (normalised(&template()?), Vec::new()),
        "cloudformation-yaml" => (to_yaml(&template()?), Vec::new()),
        "terraform" => {
            let written = to_terraform(&bundle);
            (written.text, written.lost)
        }
        _ => {
            return Err(Invalid::new(
                "format",
                "must be json, cloudformation, cloudformation-yaml or terraform",
            ));
        }
    };
    Ok(PlanExport { name, text, lost })
}

/// The plans of a document as drafts in an account and Region, given as `account/region`.
pub(crate) fn plan_import(scope: &str, text: &str) -> Result<Vec<PlanDraft>, Invalid> {
    let (account, region) = scope
        .split_once('/')
        .ok_or_else(|| Invalid::new("scope", "must be an account and a Region"))?;
    let (account, region) = (AccountId::parse(account)?, Region::parse(region)?);
    let context = ImportContext {
        account: Some(account.clone()),
        region: Some(region.clone()),
        ..ImportContext::default()
    };
    let bundles = tidemark_services::exchange::read(text, &context)?;
    Ok(bundles
        .into_iter()
        .map(|bundle| PlanDraft {
            account: account.clone(),
            region: region.clone(),
            plan_id: None,
            version_id: None,
            plan: bundle.backup_plan,
            selections: bundle
                .backup_selections
                .into_iter()
                .map(|selection| SelectionDraft {
                    id: None,
                    selection,
                })
                .collect(),
            reason: String::new(),
        })
        .collect())
}
