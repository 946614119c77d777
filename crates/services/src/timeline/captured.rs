use tidemark_domain::{
    ResourceType,
    timeline::{Band, BandKind, Lane},
};

use crate::{ServiceError, Services, ports::StoredCapture};

/// Adds to a table's lane what its record-level backups can restore, and where they lack changes.
pub(super) async fn add_captured(
    services: &Services,
    resource_type: &ResourceType,
    lane: &mut Lane,
) -> Result<(), ServiceError> {
    if *resource_type != ResourceType::DynamoDb {
        return Ok(());
    }
    let captures = services.captures.of_table(&lane.resource).await?;
    let (from, until) = (lane.from, lane.until);
    let bands = captures.iter().flat_map(bands);
    lane.bands
        .extend(bands.filter(|band| band.from <= until && band.until >= from));
    Ok(())
}

/// The whole first, so that the gaps are drawn over it.
fn bands(stored: &StoredCapture) -> Vec<Band> {
    let status = &stored.status;
    let (Some(from), Some(until)) = (status.complete_from, status.read_until) else {
        return Vec::new();
    };
    let band = |kind, from, until| Band {
        kind,
        from,
        until,
        point: None,
        capture: Some(stored.capture.id.clone()),
    };
    let gaps = status.gaps.iter();
    let gaps = gaps.map(|gap| band(BandKind::Gap, gap.from, gap.until));
    std::iter::once(band(BandKind::Records, from, until.max(from)))
        .chain(gaps)
        .collect()
}
