use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::AfterDeserializationInterceptorContextRef},
        orchestrator::HttpRequest,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

/// Keeps the answer of a call as AWS sent it, beside what the SDK makes of it.
#[derive(Clone, Debug, Default)]
pub(super) struct WholeAnswer(Arc<Mutex<Vec<u8>>>);

impl Intercept for WholeAnswer {
    fn name(&self) -> &'static str {
        "WholeAnswer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = bytes.to_vec();
        }
        Ok(())
    }
}

impl WholeAnswer {
    /// A member of the answer with every field that AWS sent; what is null counts as absent.
    pub(super) fn member<T: DeserializeOwned>(
        &self,
        operation: Call,
        name: &str,
    ) -> Result<T, CloudError> {
        let unexpected = |why: String| {
            CloudError::local(
                CloudErrorKind::Unexpected,
                operation,
                format!("{name} of the answer could not be read: {why}"),
            )
        };
        let member = self.value(operation)?[name].take();
        serde_json::from_value(member).map_err(|error| unexpected(error.to_string()))
    }

    /// The answer with every field that AWS sent; what is null counts as absent.
    pub(super) fn value(&self, operation: Call) -> Result<Value, CloudError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::from_slice(&kept)
            .map(without_nulls)
            .map_err(|error| {
                CloudError::local(
                    CloudErrorKind::Unexpected,
                    operation,
                    format!("the answer could not be read: {error}"),
                )
            })
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// Sends this body instead of the SDK's, with fields that the SDK does not know. It is put in before
/// signing, so that the signature covers it.
pub(super) fn with_body(body: &Value) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static + use<> {
    let text = body.to_string();
    move |request| {
        request
            .headers_mut()
            .insert("content-length", text.len().to_string());
        *request.body_mut() = SdkBody::from(text.clone());
    }
}

/// A document as JSON.
pub(super) fn document(operation: Call, value: &impl Serialize) -> Result<Value, CloudError> {
    serde_json::to_value(value).map_err(|error| {
        CloudError::local(CloudErrorKind::Unexpected, operation, error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_body_of_a_request_is_replaced_and_its_length_follows() {
        let whole = json!({"BackupPlan": {"New": [1, 2.5]}});
        let mut request = HttpRequest::new(SdkBody::from(r#"{"BackupPlan":{}}"#));
        with_body(&whole)(&mut request);
        let body = request.body().bytes().unwrap_or_default();
        assert_eq!(serde_json::from_slice::<Value>(body).ok(), Some(whole));
        let length = request.headers().get("content-length").map(str::to_owned);
        assert_eq!(length, Some(body.len().to_string()));
    }

    #[test]
    fn nulls_of_an_answer_count_as_absent_at_every_depth() {
        let value = json!({"a": null, "b": [{"c": null, "d": 1}]});
        assert_eq!(without_nulls(value), json!({"b": [{"d": 1}]}));
    }
}
