use std::collections::{BTreeMap, HashMap};

use tidemark_domain::plan::RegionSettings;
use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// Which types plans take in this Region (`DescribeRegionSettings`).
pub(crate) async fn region_settings(access: &Access) -> Result<RegionSettings, CloudError> {
    let answer = access
        .read(Call::DescribeRegionSettings, || {
            access.clients.backup().describe_region_settings().send()
        })
        .await?;
    let sorted = |map: Option<HashMap<String, bool>>| -> BTreeMap<String, bool> {
        map.unwrap_or_default().into_iter().collect()
    };
    Ok(RegionSettings {
        opt_in: sorted(answer.resource_type_opt_in_preference),
        management: sorted(answer.resource_type_management_preference),
    })
}
