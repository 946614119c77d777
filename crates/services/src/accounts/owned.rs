use tidemark_domain::{AccountId, Protection, ResourceFilter};

use crate::{ServiceError, Services};

/// How many resources of an account are an owner's, and how many of them are protected; none where the
/// account is no business of theirs.
pub(super) async fn owned(
    services: &Services,
    owner: &str,
    account: &AccountId,
) -> Result<Option<(u64, u64)>, ServiceError> {
    let all = count(services, owner, account, None).await?;
    if all == 0 {
        return Ok(None);
    }
    let protected = count(services, owner, account, Some(Protection::Protected)).await?;
    Ok(Some((all, protected)))
}

async fn count(
    services: &Services,
    owner: &str,
    account: &AccountId,
    protection: Option<Protection>,
) -> Result<u64, ServiceError> {
    let page = services
        .catalogue
        .resources(&ResourceFilter {
            owner: Some(owner.to_owned()),
            account: Some(account.clone()),
            protection,
            limit: Some(200),
            ..ResourceFilter::default()
        })
        .await?;
    let shown = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    Ok(page.total.unwrap_or(shown).max(shown))
}
