use tidemark_domain::TableSettings;

use super::source::Source;
use crate::{Caller, ServiceError, Services, ports::CloudErrorKind, records::open_backup};

/// The settings of a restore's table that a restore loses, and whether the table is there still. Of a
/// table that is gone they are what its record-level backup knew last; a recovery point knows none.
pub(super) async fn known_settings(
    services: &Services,
    caller: &Caller,
    source: &Source,
) -> Result<(TableSettings, bool), ServiceError> {
    let name = &source.detail.resource.name;
    match services.cloud.table_settings(&source.target, name).await {
        Ok(settings) => return Ok((settings, true)),
        Err(error) if error.kind == CloudErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let Some(stored) = &source.capture else {
        return Ok((TableSettings::default(), false));
    };
    let (backup, _) = open_backup(services, caller, &stored.capture).await?;
    let settings = backup
        .document()
        .map(|document| document.table.settings.clone())
        .unwrap_or_default();
    Ok((settings, false))
}
