use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::wire::Item;

/// One data file in the making: gzip over lines `{"Item":{…}}`.
pub(super) struct DataFile {
    encoder: GzEncoder<Vec<u8>>,
    items: u64,
    raw: usize,
}

/// A data file ready to be written.
pub(super) struct FinishedFile {
    pub(super) body: Bytes,
    pub(super) items: u64,
    /// Base64, as the manifest has it.
    pub(super) md5: String,
    /// A name that says what is in it.
    pub(super) name: String,
}

impl DataFile {
    pub(super) fn new() -> Self {
        Self {
            encoder: GzEncoder::new(Vec::new(), Compression::default()),
            items: 0,
            raw: 0,
        }
    }

    pub(super) fn raw_bytes(&self) -> usize {
        self.raw
    }

    pub(super) fn add(&mut self, item: &Item) -> std::io::Result<()> {
        self.encoder.write_all(b"{\"Item\":")?;
        self.encoder.write_all(item.bytes())?;
        self.encoder.write_all(b"}\n")?;
        self.items += 1;
        self.raw += item.bytes().len() + 10;
        Ok(())
    }

    /// None where nothing was added.
    pub(super) fn finish(self) -> std::io::Result<Option<FinishedFile>> {
        if self.items == 0 {
            return Ok(None);
        }
        let body = self.encoder.finish()?;
        let name = hex::encode(Sha256::digest(&body));
        Ok(Some(FinishedFile {
            md5: md5_base64(&body),
            name: name.chars().take(26).collect(),
            items: self.items,
            body: body.into(),
        }))
    }
}

/// MD5 in base64, as DynamoDB's manifests have it.
pub(super) fn md5_base64(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}
