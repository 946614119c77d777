use std::collections::{HashMap, HashSet};

use tidemark_domain::buckets::{CopyRequest, ListedObject};

use crate::ports::{Buckets, CloudError, ListAsk, Target};

/// Keys of a page of the source.
pub(super) const PAGE: u16 = 1_000;

/// A page of the source, from after a key on.
pub(super) async fn source_page(
    buckets: &dyn Buckets,
    from: &Target,
    request: &CopyRequest,
    after: Option<&str>,
) -> Result<Vec<ListedObject>, CloudError> {
    let ask = ListAsk {
        bucket: request.from.bucket.clone(),
        prefix: request.prefix.clone(),
        start_after: after.map(str::to_owned),
        limit: PAGE,
        ..ListAsk::default()
    };
    Ok(buckets.list(from, &ask).await?.objects)
}

/// What lies at the destination of a page of the source, by its key there. Both lists are in the order of their keys, so
/// that no more is ever held than a page of each.
pub(super) async fn there(
    buckets: &dyn Buckets,
    to: &Target,
    request: &CopyRequest,
    after: Option<&str>,
    page: &[ListedObject],
) -> Result<HashMap<String, ListedObject>, CloudError> {
    let wanted: HashSet<String> = page
        .iter()
        .filter_map(|object| request.target(&object.key))
        .collect();
    let Some(last) = wanted.iter().max() else {
        return Ok(HashMap::new());
    };
    let mut ask = ListAsk {
        bucket: request.to.bucket.clone(),
        prefix: request.to_prefix.clone(),
        start_after: after.and_then(|key| request.target(key)),
        limit: PAGE,
        ..ListAsk::default()
    };
    let mut found = HashMap::new();
    loop {
        let listing = buckets.list(to, &ask).await?;
        let reached = listing
            .objects
            .last()
            .is_none_or(|object| object.key >= *last);
        found.extend(
            listing
                .objects
                .into_iter()
                .filter(|object| wanted.contains(&object.key))
                .map(|object| (object.key.clone(), object)),
        );
        match listing.next {
            // A token that stays the same would never end.
            Some(next) if !reached && ask.token.as_ref() != Some(&next) => {
                ask.token = Some(next);
                ask.start_after = None;
            }
            _ => return Ok(found),
        }
    }
}
