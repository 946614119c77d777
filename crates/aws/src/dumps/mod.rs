//! A bucket that dumps of commands go to, in parts, and come from piece by piece.

mod keys;
mod object;
mod upload;

use std::fmt::Display;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use bytes::Bytes;
use tidemark_dumps::{DumpStore, Head, Keys, Pieces, StoreError, StoreErrorKind, Upload};
use tidemark_records::ports::PortErrorKind;
use tidemark_services::calls::Call;

use crate::records::Caller;

/// What marks an object as a dump of ours, in its metadata.
const MARK: &str = "tidemark-dump";

/// One bucket in S3 for dumps.
#[derive(Clone, Debug)]
pub struct S3Dumps {
    client: Client,
    caller: Caller,
    bucket: String,
}

impl S3Dumps {
    pub(crate) fn new(client: Client, caller: Caller, bucket: String) -> Self {
        Self {
            client,
            caller,
            bucket,
        }
    }

    fn error<E>(&self, call: Call, key: &str, error: SdkError<E, HttpResponse>) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let error = self.caller.error(call, key, error);
        let kind = match error.kind {
            PortErrorKind::Throttled | PortErrorKind::Unavailable => StoreErrorKind::Passing,
            PortErrorKind::Denied => StoreErrorKind::Denied,
            PortErrorKind::NotFound => StoreErrorKind::NotFound,
            PortErrorKind::PreconditionFailed => StoreErrorKind::Precondition,
            _ => StoreErrorKind::Other,
        };
        StoreError {
            kind,
            operation: error.operation,
            subject: error.subject,
            code: error.code,
            message: error.message,
            request_id: error.request_id,
        }
    }
}

/// A failure without an answer that says so.
fn local(kind: StoreErrorKind, call: Call, key: &str, what: impl Display) -> StoreError {
    StoreError {
        kind,
        operation: call.to_string(),
        subject: key.to_owned(),
        code: None,
        message: what.to_string(),
        request_id: None,
    }
}

/// An `ETag` without its quotes.
fn bare(etag: Option<String>, call: Call, key: &str) -> Result<String, StoreError> {
    match etag {
        Some(etag) => Ok(etag.trim_matches('"').to_owned()),
        None => Err(local(
            StoreErrorKind::Other,
            call,
            key,
            "the answer has no entity tag",
        )),
    }
}

#[async_trait]
impl DumpStore for S3Dumps {
    async fn uploads(&self, prefix: &str) -> Result<Vec<Upload>, StoreError> {
        upload::list(self, prefix).await
    }

    async fn begin(&self, key: &str) -> Result<String, StoreError> {
        upload::begin(self, key).await
    }

    async fn part(
        &self,
        key: &str,
        upload: &str,
        number: i32,
        body: Bytes,
    ) -> Result<String, StoreError> {
        upload::part(self, key, upload, number, body).await
    }

    async fn complete(
        &self,
        key: &str,
        upload: &str,
        parts: &[(i32, String)],
        replaces: Option<&str>,
    ) -> Result<String, StoreError> {
        upload::complete(self, key, upload, parts, replaces).await
    }

    async fn abort(&self, key: &str, upload: &str) -> Result<(), StoreError> {
        upload::abort(self, key, upload).await
    }

    async fn head(&self, key: &str) -> Result<Option<Head>, StoreError> {
        object::head(self, key).await
    }

    async fn put_new(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
        object::put_new(self, key, body).await
    }

    async fn get_small(&self, key: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        object::get_small(self, key, most).await
    }

    async fn get(&self, key: &str, etag: &str, from: u64) -> Result<Pieces, StoreError> {
        object::get(self, key, etag, from).await
    }

    async fn keys(&self, prefix: &str, page: Option<&str>) -> Result<Keys, StoreError> {
        keys::keys(self, prefix, page).await
    }
}
