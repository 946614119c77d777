use tidemark_domain::{Resource, ResourceType, Scope, records::Capture};

use crate::{ServiceError, Services, ports::ScopeSnapshot};

/// Adds the scope's tables that are gone and have a record-level backup, as deleted: they can be restored,
/// and so must be found.
pub(super) async fn keep_captured(
    services: &Services,
    scope: &Scope,
    snapshot: &mut ScopeSnapshot,
) -> Result<(), ServiceError> {
    let tables = ResourceType::DynamoDb;
    if snapshot
        .partial
        .iter()
        .any(|part| part.part == tables.as_str())
    {
        // Not read: nothing is known to be gone.
        return Ok(());
    }
    for stored in services.captures.list().await? {
        let capture = stored.capture;
        let is_here = capture.account == scope.account && capture.region == scope.region;
        let is_listed = |resource: &Resource| resource.arn == capture.table;
        if is_here && !snapshot.resources.iter().any(is_listed) {
            let gone = gone(services, &capture).await?;
            snapshot.resources.push(gone);
        }
    }
    Ok(())
}

/// What was known of the table last, of which nothing but its backups is left.
async fn gone(services: &Services, capture: &Capture) -> Result<Resource, ServiceError> {
    let known = services.catalogue.resource(&capture.table).await?;
    let known = known.map(|detail| detail.resource);
    Ok(Resource {
        arn: capture.table.clone(),
        resource_type: ResourceType::DynamoDb,
        account: capture.account.clone(),
        region: capture.region.clone(),
        name: capture.table_name().to_owned(),
        tags: known
            .as_ref()
            .map(|known| known.tags.clone())
            .unwrap_or_default(),
        size_bytes: None,
        created_at: known.and_then(|known| known.created_at),
        pitr: None,
        deleted: true,
    })
}
