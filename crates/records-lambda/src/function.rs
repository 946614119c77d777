use lambda_runtime::Diagnostic;
use serde_json::Value;
use tidemark_records::{
    RecordsError,
    capture::{Applied, Applier, Failed, LambdaEventError, Marks, records_of_lambda_value},
    index::{IndexHandle, LayoutKind},
    ports::StreamRecord,
    without_records,
};
use tokio::sync::Mutex;

use super::{Response, window::Window};

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
            error_message: without_records(&error.to_string()),
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
        let window = Window::of(event);
        // The last event of a window may have no records.
        let records = match &event["Records"] {
            Value::Null if window.is_some() => Vec::new(),
            _ => records_of_lambda_value(event)?,
        };
        let before = window.as_ref().map(Window::state);
        let window = window.map(|window| window.after(&records));
        let response = self.store(event, &records, window.as_ref()).await?;
        let is_stored = response.batch_item_failures.is_empty();
        let after = window.as_ref().map(Window::state);
        Ok(response.telling(if is_stored { after } else { before }))
    }

    async fn store(
        &self,
        event: &Value,
        records: &[StreamRecord],
        window: Option<&Window>,
    ) -> Result<Response, FunctionError> {
        let Some(first) = records.first() else {
            if let Some(window) = window.filter(|window| window.is_last()) {
                let applier = self.applier(stream_of(event)?).await?;
                note(&applier, &window.marks()).await;
            }
            return Ok(Response::default());
        };
        let applier = match self.applier(stream_of(event)?).await {
            Ok(applier) => applier,
            Err(FunctionError::Records(error)) if error.is_retryable() => {
                tracing::warn!(
                    error = without_records(&error.to_string()),
                    "The batch is not stored for sure and comes again."
                );
                return Ok(Response::again_from(&first.sequence_number));
            }
            Err(error) => return Err(error),
        };
        // With segments the index is written anyway. With one object per record it is not, and need
        // not be but at the end of a window.
        let marks = match (applier.layout(), window) {
            (LayoutKind::Segments, Some(window)) => window.marks(),
            _ => Marks::default(),
        };
        let outcome = applier.apply(records, &marks).await;
        let Applied {
            stored,
            older,
            quarantined,
            failed,
        } = match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.is_retryable() => {
                let error = without_records(&error.to_string());
                tracing::warn!(error, "The batch is not stored for sure and comes again.");
                return Ok(Response::again_from(&first.sequence_number));
            }
            Err(error) => return Err(error.into()),
        };
        for trouble in &quarantined {
            // The text that is put aside has the key; the log is read by more people.
            tracing::warn!(
                why = without_records(&trouble.what),
                "A record makes no sense; its text is put aside."
            );
        }
        let Some(Failed { sequence, error }) = failed else {
            let ends = window.filter(|window| window.is_last());
            if let (LayoutKind::Objects, Some(window)) = (applier.layout(), ends) {
                note(&applier, &window.marks()).await;
            }
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
        let error = without_records(&error.to_string());
        tracing::warn!(
            sequence,
            error,
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

/// Notes how far a shard is stored. It only makes what is stored known sooner: where it fails, the
/// next one does it.
async fn note(applier: &Applier, marks: &Marks) {
    if let Err(error) = applier.apply(&[], marks).await {
        let error = without_records(&error.to_string());
        tracing::warn!(error, "How far the shard is stored could not be noted.");
    }
}

/// The one stream that sent all of the records.
fn stream_of(event: &Value) -> Result<&str, LambdaEventError> {
    let is_without_records = event["Records"].as_array().is_none_or(Vec::is_empty);
    if let (true, Some(stream)) = (is_without_records, event["eventSourceARN"].as_str()) {
        return Ok(stream);
    }
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
