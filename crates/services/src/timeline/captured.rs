use tidemark_domain::{
    PitrWindow,
    timeline::{Band, BandKind, Lane},
};

use crate::{ServiceError, Services, ports::StoredCapture};

/// Adds to the lanes of tables what their record-level backups can restore, and where these lack changes.
pub(super) async fn add_captured<'a>(
    services: &Services,
    lanes: impl Iterator<Item = &'a mut Lane>,
) -> Result<(), ServiceError> {
    let lanes: Vec<&mut Lane> = lanes.collect();
    let resources: Vec<_> = lanes.iter().map(|lane| lane.resource.clone()).collect();
    let captures = services.captures.of_tables(&resources).await?;
    for lane in lanes {
        let of_lane = captures.iter().filter(|c| c.capture.table == lane.resource);
        let bands = of_lane.flat_map(bands);
        let seen = bands.filter(|band| band.from <= lane.until && band.until >= lane.from);
        lane.bands.extend(seen);
    }
    Ok(())
}

/// What can be restored first, so that the gaps are drawn over it.
fn bands(stored: &StoredCapture) -> Vec<Band> {
    let status = &stored.status;
    let windows = status.windows();
    if windows.is_empty() {
        return Vec::new();
    }
    let band = |kind, from, until| Band {
        kind,
        from,
        until,
        point: None,
        capture: Some(stored.capture.id.clone()),
    };
    let gaps = status.gaps.iter();
    let gaps = gaps.map(|gap| band(BandKind::Gap, gap.from, gap.until));
    let whole = |window: PitrWindow| band(BandKind::Records, window.earliest, window.latest);
    windows.into_iter().map(whole).chain(gaps).collect()
}
