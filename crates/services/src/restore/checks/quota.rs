use tidemark_domain::{Check, ResourceFilter, ResourceType, RestoreRequest, runs::RunState};
use tidemark_runs::RunFilter;

use super::super::source::Source;
use crate::{ServiceError, Services, restore::RESTORE_KIND};

/// DynamoDB's default quota of tables per account and Region (developer guide, "Quotas").
const TABLES: u64 = 2_500;
/// DynamoDB's limit of restores at one time per account (developer guide, "Quotas").
const RESTORES: u64 = 50;

pub(super) async fn check(
    services: &Services,
    request: &RestoreRequest,
    source: &Source,
) -> Result<Option<Check>, ServiceError> {
    if request.target_table.is_none() {
        return Ok(None);
    }
    let tables = services
        .catalogue
        .resources(&ResourceFilter {
            account: Some(source.account.clone()),
            region: Some(source.region.clone()),
            resource_type: Some(ResourceType::DynamoDb),
            limit: Some(1),
            ..ResourceFilter::default()
        })
        .await?
        .total;
    let running = services
        .runs
        .store()
        .counts(&RunFilter {
            kinds: vec![RESTORE_KIND.to_owned()],
            accounts: vec![source.account.to_string()],
            ..RunFilter::default()
        })
        .await
        .map_err(|e| ServiceError::Internal(Box::new(e)))?;
    let running: u64 = RunState::ALL
        .into_iter()
        .filter(|state| state.is_in_progress())
        .map(|state| running.of(state))
        .sum();
    Ok(Some(verdict(tables, running)))
}

fn verdict(tables: Option<u64>, running: u64) -> Check {
    const NAME: &str = "The quota has room";
    let raise = "Ask AWS for a higher quota, or delete what is no longer needed.";
    let Some(tables) = tables else {
        return Check::unknown(NAME, "The number of tables there is not known.", raise);
    };
    let detail = format!(
        "{tables} of {TABLES} tables (default quota) and {running} of {RESTORES} concurrent restores are in use."
    );
    if tables >= TABLES || running >= RESTORES {
        Check::warn(NAME, detail, raise)
    } else {
        Check::pass(NAME, detail)
    }
}

#[cfg(test)]
mod tests {
    use tidemark_domain::Verdict;

    use super::*;

    #[test]
    fn a_full_quota_warns_and_an_unknown_count_is_no_pass() {
        assert_eq!(verdict(Some(3), 0).verdict, Verdict::Pass);
        assert_eq!(verdict(Some(2_500), 0).verdict, Verdict::Warn);
        assert_eq!(verdict(Some(3), 50).verdict, Verdict::Warn);
        assert_eq!(verdict(None, 0).verdict, Verdict::Unknown);
    }
}
