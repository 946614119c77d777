//! The Lambda function. `TIDEMARK_BUCKET`, `TIDEMARK_PREFIX` and `TIDEMARK_TABLE` say where it
//! stores; the layout is the one of the backup.

use std::{process::ExitCode, sync::Arc};

use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use tidemark_aws::{WallClock, own_bucket};
use tidemark_records::{
    index::IndexHandle,
    retry::{Backoff, RetryingStore},
};
use tidemark_records_lambda::{Function, Settings};
use tracing_subscriber::EnvFilter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // The log of a function has the time of each line already.
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_ansi(false)
        .without_time()
        .init();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "The function cannot go on.");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Error> {
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let clock = Arc::new(WallClock::new(Arc::new(Timestamp::now)));
    let bucket = own_bucket(&settings.bucket).await;
    let store = RetryingStore::new(Arc::new(bucket), Backoff::new(clock));
    let function = Function::new(IndexHandle::new(Arc::new(store), settings.paths()));
    let function = &function;
    run(service_fn(move |event: LambdaEvent<Value>| async move {
        function.handle(&event.payload).await
    }))
    .await
}
