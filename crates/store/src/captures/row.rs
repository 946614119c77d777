use tidemark_domain::records::Capture;
use tidemark_services::{error::StoreError, ports::StoredCapture};

use crate::convert::{from_json, from_word, parsed, time};

pub(super) const CAPTURE: &str =
    "id, account, region, source, bucket, prefix, layout, mode, created_at, created_by, status";

#[derive(sqlx::FromRow)]
pub(super) struct CaptureRow {
    id: String,
    account: String,
    region: String,
    source: String,
    bucket: String,
    prefix: String,
    layout: String,
    mode: String,
    created_at: i64,
    created_by: String,
    status: String,
}

impl CaptureRow {
    pub(super) fn read(self) -> Result<StoredCapture, StoreError> {
        Ok(StoredCapture {
            capture: Capture {
                id: self.id,
                account: parsed(self.account)?,
                region: parsed(self.region)?,
                table: parsed(self.source)?,
                bucket: self.bucket,
                prefix: self.prefix,
                layout: from_word(self.layout)?,
                mode: from_word(self.mode)?,
                created_at: time(self.created_at)?,
                created_by: self.created_by,
            },
            status: from_json(&self.status)?,
        })
    }
}
