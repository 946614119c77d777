use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tidemark_domain::TableSettings;
use tidemark_records::{
    digest::{RecordDigest, SetDigest},
    key::{KeyAttribute, KeySchema, KeyType, RecordKey},
    ports::{
        BatchWritten, Billing, Expected, Export, ExportState, ImportRequest, ImportState,
        PortError, PortErrorKind, ScanPage, ScanRequest, SourceTable, StreamDescription,
        StreamView, TableDescription, TableWrite,
    },
    wire::Item,
};

/// Records of one page, about a megabyte.
const PAGE: u64 = 3_000;

/// A record of about 300 bytes whose text does not compress to nothing.
pub(crate) fn item_text(number: u64) -> String {
    let noise = |salt: u64| (number ^ salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!(
        concat!(
            r#"{{"id":{{"S":"record-{:010}"}},"customer":{{"S":"customer-{:08x}"}},"#,
            r#""amount":{{"N":"{}.{:02}"}},"lines":{{"L":[{{"M":{{"sku":{{"S":"{:012x}"}},"#,
            r#""count":{{"N":"{}"}}}}}},{{"M":{{"sku":{{"S":"{:012x}"}},"count":{{"N":"1"}}}}}}]}},"#,
            r#""state":{{"S":"shipped"}},"express":{{"BOOL":{}}}}}"#
        ),
        number,
        noise(1) >> 44,
        noise(2) >> 48,
        noise(3) % 100,
        noise(4) >> 20,
        noise(5) % 9,
        noise(6) >> 20,
        number.is_multiple_of(3),
    )
}

/// A table that makes up what is read from it, and only keeps the digest of what is written.
pub(crate) struct MadeUpTable {
    pub(crate) items: u64,
    written: Mutex<SetDigest>,
}

impl MadeUpTable {
    pub(crate) fn new(items: u64) -> Self {
        Self {
            items,
            written: Mutex::default(),
        }
    }

    pub(crate) fn schema() -> KeySchema {
        KeySchema::simple(KeyAttribute::new("id", KeyType::S))
    }

    /// The digest of what was written.
    pub(crate) fn written(&self) -> SetDigest {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nothing(what: &str) -> PortError {
        PortError::new(PortErrorKind::Invalid, what, "bench", "not in this table")
    }
}

/// The digest of a record.
pub(crate) fn digest(text: impl Into<Bytes>) -> Result<RecordDigest, PortError> {
    let wrong = |what: String| PortError::new(PortErrorKind::Invalid, "digest", "bench", what);
    let item = Item::parse(text).map_err(|error| wrong(error.to_string()))?;
    let key = RecordKey::of_item(&MadeUpTable::schema(), &item)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(RecordDigest::of(&key, &item))
}

#[async_trait]
impl SourceTable for MadeUpTable {
    fn name(&self) -> &'static str {
        "bench"
    }

    async fn describe(&self) -> Result<TableDescription, PortError> {
        if self.items == 0 {
            // The target of a restore, which makes it.
            return Err(PortError::new(
                PortErrorKind::NotFound,
                "dynamodb:DescribeTable",
                "bench",
                "there is no such table yet",
            ));
        }
        Ok(TableDescription {
            name: "bench".to_owned(),
            arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/bench".to_owned(),
            key_schema: Self::schema(),
            attributes: [("id".to_owned(), KeyType::S)].into(),
            billing: Billing::OnDemand,
            indexes: Vec::new(),
            stream: Some(StreamDescription {
                arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/bench/stream/1".to_owned(),
                view: StreamView::NewImage,
            }),
            encryption: None,
            table_class: None,
            settings: TableSettings::default(),
            item_count: None,
            size_bytes: None,
            created_at: None,
        })
    }

    async fn scan(&self, request: &ScanRequest) -> Result<ScanPage, PortError> {
        let parts = u64::from(request.total_segments.max(1));
        let segment = u64::from(request.segment);
        let (first, end) = (
            self.items * segment / parts,
            self.items * (segment + 1) / parts,
        );
        let start = match &request.start {
            Some(key) => {
                std::str::from_utf8(key)
                    .ok()
                    .and_then(|key| key.get(19..29))
                    .and_then(|digits| digits.parse::<u64>().ok())
                    .ok_or_else(|| Self::nothing("dynamodb:Scan"))?
                    + 1
            }
            None => first,
        };
        let stop = end.min(start + PAGE);
        Ok(ScanPage {
            items: (start..stop)
                .map(|number| item_text(number).into())
                .collect(),
            next: (stop < end)
                .then(|| format!("{{\"id\":{{\"S\":\"record-{:010}\"}}}}", stop - 1).into()),
            capacity_milli: 128_000,
        })
    }

    async fn get(&self, _key: &Bytes) -> Result<Option<Bytes>, PortError> {
        Err(Self::nothing("dynamodb:GetItem"))
    }

    async fn batch_write(&self, writes: &[TableWrite]) -> Result<BatchWritten, PortError> {
        for write in writes {
            if let TableWrite::Put(item) = write {
                let digest = digest(item.clone())?;
                self.written
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .add(&digest);
            }
        }
        Ok(BatchWritten::default())
    }

    async fn put_if(&self, _item: &Bytes, _expected: &Expected) -> Result<(), PortError> {
        Err(Self::nothing("dynamodb:PutItem"))
    }

    async fn delete_if(&self, _key: &Bytes, _expected: &Expected) -> Result<(), PortError> {
        Err(Self::nothing("dynamodb:DeleteItem"))
    }

    async fn create(&self, _like: &TableDescription, _made_for: &str) -> Result<(), PortError> {
        Ok(())
    }

    async fn forget_mark(&self) -> Result<(), PortError> {
        Ok(())
    }

    async fn wait_until_active(&self) -> Result<(), PortError> {
        Ok(())
    }

    async fn import(&self, _request: &ImportRequest) -> Result<String, PortError> {
        Err(Self::nothing("dynamodb:ImportTable"))
    }

    async fn import_state(&self, _import: &str) -> Result<ImportState, PortError> {
        Err(Self::nothing("dynamodb:DescribeImport"))
    }

    async fn export(&self, _request: &Export) -> Result<String, PortError> {
        Err(Self::nothing("dynamodb:ExportTableToPointInTime"))
    }

    async fn export_state(&self, _export: &str) -> Result<ExportState, PortError> {
        Err(Self::nothing("dynamodb:DescribeExport"))
    }
}
