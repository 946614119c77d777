use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tidemark_domain::{AccountId, Arn, Region};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{
    backup::{Documents, OlderCopies},
    classify::{classify, is_expired},
    factory::{AssumedRole, Clients, Endpoints, Limits},
};

/// An account and Region that the console got into: its clients, and how calls are made.
pub(crate) struct Access {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) partition: &'static str,
    pub(crate) role: Arc<AssumedRole>,
    pub(crate) clients: Arc<Clients>,
    pub(crate) endpoints: Endpoints,
    pub(crate) limits: Arc<Limits>,
    /// Documents of plans that were fetched before.
    pub(crate) documents: Documents,
    /// Where older copy jobs were read before.
    pub(crate) older_copies: OlderCopies,
    /// The moment at which it was opened.
    pub(crate) now: Timestamp,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("account", &self.account)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Access {
    /// Makes a call, with fresh credentials; once more with new ones where AWS says that they have
    /// expired before their time.
    pub(crate) async fn call<T, E, F>(
        &self,
        operation: Call,
        send: impl Fn() -> F,
    ) -> Result<T, CloudError>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.role.fresh().await?;
        let endpoint = self
            .endpoints
            .of(operation.row().service, self.region.as_str());
        let error = match send().await {
            Ok(answer) => return Ok(answer),
            Err(error) => classify(operation, &endpoint, error),
        };
        if !is_expired(&error) {
            return Err(error);
        }
        self.role.forget().await;
        self.role.fresh().await?;
        send().await.map_err(|e| classify(operation, &endpoint, e))
    }

    /// Makes a call that reads, within the caps on concurrency.
    pub(crate) async fn read<T, E, F>(
        &self,
        operation: Call,
        send: impl Fn() -> F,
    ) -> Result<T, CloudError>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let _leave = self.limits.enter(&self.account).await;
        self.call(operation, send).await
    }

    /// The ARN of something in this account and Region.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> Result<Arn, CloudError> {
        let text = format!(
            "arn:{}:{service}:{}:{}:{resource}",
            self.partition, self.region, self.account
        );
        Arn::parse(text)
            .map_err(|e| CloudError::local(CloudErrorKind::Unexpected, service, e.to_string()))
    }
}

/// Collects every page of a list: `page` takes the token of the page before.
pub(crate) async fn pages<T, F>(page: impl Fn(Option<String>) -> F) -> Result<Vec<T>, CloudError>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), CloudError>>,
{
    let mut all = Vec::new();
    let mut token = None;
    loop {
        let (mut items, next) = page(token.clone()).await?;
        all.append(&mut items);
        match next.filter(|t| !t.is_empty()) {
            // An endpoint that gives the same token again would never end.
            Some(next) if Some(&next) != token.as_ref() => token = Some(next),
            _ => return Ok(all),
        }
    }
}
