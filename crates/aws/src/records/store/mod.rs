//! A bucket, one operation per file.

mod copy;
mod delete;
mod get;
mod head;
mod interleave;
mod list;
mod list_versions;
pub(super) mod names;
mod put;
mod versioning;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use tidemark_records::ports::{
    GetObject, Object, ObjectHead, ObjectPage, ObjectStore, PortError, PutObject, Stored,
    VersionCursor, VersionPage, Versioning,
};

use super::caller::Caller;

/// One bucket in S3.
#[derive(Clone, Debug)]
pub struct S3Store {
    client: Client,
    caller: Caller,
    bucket: String,
}

impl S3Store {
    pub(super) fn new(client: Client, caller: Caller, bucket: String) -> Self {
        Self {
            client,
            caller,
            bucket,
        }
    }
}

#[async_trait]
impl ObjectStore for S3Store {
    fn bucket(&self) -> &str {
        &self.bucket
    }

    async fn get(&self, request: &GetObject) -> Result<Object, PortError> {
        get::get(self, request).await
    }

    async fn head(&self, name: &str, version: Option<&str>) -> Result<ObjectHead, PortError> {
        head::head(self, name, version).await
    }

    async fn put(&self, request: &PutObject) -> Result<Stored, PortError> {
        put::put(self, request).await
    }

    async fn delete(&self, name: &str) -> Result<Option<String>, PortError> {
        delete::delete(self, name).await
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<ObjectPage, PortError> {
        list::list(self, prefix, after).await
    }

    async fn list_versions(
        &self,
        prefix: &str,
        after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError> {
        list_versions::list_versions(self, prefix, after).await
    }

    async fn copy(&self, from: &str, version: Option<&str>, to: &str) -> Result<Stored, PortError> {
        copy::copy(self, from, version, to).await
    }

    async fn versioning(&self) -> Result<Versioning, PortError> {
        versioning::versioning(self).await
    }
}
