use lambda_runtime::Diagnostic;
use serde_json::Value;
use tidemark_records::{
    RecordsError,
    capture::{Applied, Applier, Failed, LambdaEventError, Marks, records_of_lambda_value},
    index::IndexHandle,
};
use tokio::sync::Mutex;

use super::Response;

/// Why an invocation fails as a whole. Lambda counts it as an error and sends the batch again, in
/// halves where the mapping says so, and at last to the failure destination.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// The event is not one of a DynamoDB stream.
    #[error(transparent)]
    Event(#[from] LambdaEventError),
    /// The backup is not one of that stream.
    #[error(
        "the event is of {event}, but {index} captures {captured}: prepare the backup for it (tidemark records backfill), or correct the event source"
    )]
    OtherStream {
        /// The stream that sent the event.
        event: String,
        /// The backup's index.
        index: String,
        /// The stream that the backup is of.
        captured: String,
    },
    /// The backup cannot take it, and waiting does not help.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<FunctionError> for Diagnostic {
    fn from(error: FunctionError) -> Self {
        let kind = match error {
            FunctionError::Event(_) => "NotADynamoDbEvent",
            FunctionError::OtherStream { .. } => "OtherStream",
            FunctionError::Records(_) => "BackupFailed",
        };
        Self {
            error_type: kind.to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// The function: stores the changes of one table into its backup.
pub struct Function {
    index: IndexHandle,
    opened: Mutex<Option<Opened>>,
}

/// A backup whose index was read.
struct Opened {
    stream: String,
    applier: Applier,
}

impl Function {
    /// A function that stores into the backup with this index, which must have been prepared, as
    /// `tidemark records backfill` does.
    pub fn new(index: IndexHandle) -> Self {
        Self {
            index,
            opened: Mutex::default(),
        }
    }

    /// Stores the records of one event. Repeating it, or a part of it, changes nothing.
    ///
    /// # Errors
    /// The event makes no sense, or the backup cannot take it. What may pass is no error: the
    /// response asks for the records again.
    pub async fn handle(&self, event: &Value) -> Result<Response, FunctionError> {
        let records = records_of_lambda_value(event)?;
        let Some(first) = records.first() else {
            return Ok(Response::default());
        };
        let applied = match self.applier(stream_of(event)?).await {
            Ok(applier) => applier.apply(&records, &Marks::default()).await,
            Err(FunctionError::Records(error)) => Err(error),
            Err(error) => return Err(error),
        };
        let Applied {
            stored,
            older,
            quarantined,
            failed,
        } = match applied {
            Ok(applied) => applied,
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "The batch is not stored for sure and comes again.");
                return Ok(Response::again_from(&first.sequence_number));
            }
            Err(error) => return Err(error.into()),
        };
        for trouble in &quarantined {
            tracing::warn!(
                record = trouble.subject,
                why = trouble.what,
                "A record makes no sense; its text is put aside."
            );
        }
        let Some(Failed { sequence, error }) = failed else {
            tracing::info!(
                stored,
                older,
                put_aside = quarantined.len(),
                "The batch is stored."
            );
            return Ok(Response::default());
        };
        if !error.is_retryable() && sequence == first.sequence_number {
            // No progress, and none to hope for: fail, so that Lambda's own count of errors tells.
            return Err(error.into());
        }
        tracing::warn!(
            sequence,
            %error,
            stored,
            "A record could not be stored; it and all after it come again."
        );
        Ok(Response::again_from(sequence))
    }

    /// What stores the changes of a stream. The index is read once, and again when the table got
    /// another stream.
    async fn applier(&self, stream: &str) -> Result<Applier, FunctionError> {
        let mut opened = self.opened.lock().await;
        if let Some(opened) = opened.as_ref().filter(|opened| opened.stream == stream) {
            return Ok(opened.applier.clone());
        }
        let document = self.index.load().await?;
        let captured = document.capture.as_ref().map(|capture| &capture.stream);
        if captured.is_none_or(|captured| captured != stream) {
            return Err(FunctionError::OtherStream {
                event: stream.to_owned(),
                index: self.index.paths().index(),
                captured: captured.map_or_else(|| "no stream".to_owned(), Clone::clone),
            });
        }
        let applier = Applier::new(self.index.clone(), &document);
        *opened = Some(Opened {
            stream: stream.to_owned(),
            applier: applier.clone(),
        });
        Ok(applier)
    }
}

/// The one stream that sent all of the records.
fn stream_of(event: &Value) -> Result<&str, LambdaEventError> {
    let mut streams = event["Records"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|record| record["eventSourceARN"].as_str().unwrap_or_default());
    let stream = streams.next().unwrap_or_default();
    if stream.is_empty() {
        return Err(LambdaEventError(
            "its records have no eventSourceARN".to_owned(),
        ));
    }
    match streams.find(|other| *other != stream) {
        Some(other) => Err(LambdaEventError(format!(
            "its records are of {stream:?} and of {other:?}"
        ))),
        None => Ok(stream),
    }
}
