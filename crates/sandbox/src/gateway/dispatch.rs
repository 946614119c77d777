use std::io;

use awsim_core::{
    AwsError, HandlerResult, Protocol, RequestContext,
    protocol::{effective_protocol, serialize_error, serialize_response},
};
use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderMap, Method, Response, StatusCode, Uri};
use jiff::Timestamp;

use super::{Gateway, Refusal, parse, refuse, scope_of};
use crate::{
    authz::Check,
    calls::CallRecord,
    faults::FaultKind,
    identity::{Caller, CallerKind},
};

/// What became of a request.
enum Outcome {
    Answer(HandlerResult),
    /// Nothing was done, and nothing is answered.
    Hangup,
    /// It was carried out, and the answer gets lost.
    Lost(Result<(), AwsError>),
}

/// What the faults in force leave of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It is carried out.
    On,
    /// It is carried out, and nobody learns of it.
    Unanswered,
    /// Nothing is done, and nothing is answered.
    Dropped,
}

/// What is learnt of a request while it is handled.
#[derive(Default)]
struct Seen {
    service: String,
    region: String,
    operation: String,
    caller: Option<Caller>,
    access_key: String,
    resources: Vec<String>,
    source_identity: Option<String>,
}

impl Gateway {
    /// Handles one AWS API request.
    pub(crate) async fn respond(
        &self,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response<Body> {
        let time = self.clock.now();
        let request_id = uuid::Uuid::new_v4().to_string();
        let mut seen = Seen::default();
        let (protocol, outcome) = self
            .handle(&method, &uri, &headers, &body, &request_id, &mut seen)
            .await;
        let (response, status, error_code) = match outcome {
            Ok(Outcome::Hangup) => (hang_up(), 0, Some("ConnectionDropped".to_owned())),
            Ok(Outcome::Lost(Ok(()))) => (hang_up(), StatusCode::OK.as_u16(), None),
            Ok(Outcome::Lost(Err(error))) => (hang_up(), error.status.as_u16(), Some(error.code)),
            Ok(Outcome::Answer(HandlerResult::Json(value))) => {
                let (status, headers, body) =
                    serialize_response(protocol, &seen.operation, &value, &request_id);
                (
                    answer(status, headers, Body::from(body)),
                    status.as_u16(),
                    None,
                )
            }
            Ok(Outcome::Answer(HandlerResult::Streaming { body, content_type })) => {
                let mut headers = HeaderMap::new();
                headers.insert(
                    http::header::CONTENT_TYPE,
                    http::HeaderValue::from_static(content_type),
                );
                let body = body.map(|chunk| chunk.map_err(|e| io::Error::other(e.message)));
                (
                    answer(StatusCode::OK, headers, Body::from_stream(body)),
                    200,
                    None,
                )
            }
            Err(error) => {
                let (status, headers, body) = serialize_error(protocol, &error, &request_id);
                (
                    answer(status, headers, Body::from(body)),
                    status.as_u16(),
                    Some(error.code),
                )
            }
        };
        if !seen.operation.is_empty() {
            self.remember(time, request_id, seen, status, error_code);
        }
        response
    }

    async fn handle(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Bytes,
        request_id: &str,
        seen: &mut Seen,
    ) -> (Protocol, Result<Outcome, AwsError>) {
        let Some(scope) = scope_of(headers, uri) else {
            let error = refuse(
                "",
                Protocol::RestXml,
                Refusal::Unsigned,
                "Request is missing an authentication token",
            );
            return (Protocol::RestXml, Err(error));
        };
        let Some(service) = self.service(&scope.service) else {
            let error = AwsError::bad_request(
                "UnknownService",
                format!("The sandbox does not simulate '{}'", scope.service),
            );
            return (Protocol::RestJson1, Err(error));
        };
        let protocol = effective_protocol(service.handler.protocol(), headers, body);
        seen.service.clone_from(&scope.service);
        seen.region.clone_from(&scope.region);
        seen.access_key.clone_from(&scope.access_key);

        let caller = match self.identity.resolve(&scope, Timestamp::now()) {
            Ok(caller) => caller,
            Err(refusal) => {
                let error = refuse(
                    &scope.service,
                    protocol,
                    refusal,
                    message_of(&scope.service, refusal),
                );
                return (protocol, Err(error));
            }
        };
        let rewritten = (scope.service == "s3")
            .then(|| parse::path_style(uri, headers))
            .flatten();
        let uri = rewritten.as_ref().unwrap_or(uri);
        let parsed = match parse::parse(service, protocol, method, uri, headers, body) {
            Ok(parsed) => parsed,
            Err(error) => return (protocol, Err(error)),
        };
        seen.operation.clone_from(&parsed.operation);
        seen.source_identity = requested_source_identity(&scope.service, &parsed.input);

        let mut ctx = self.context(&caller.account, &scope.region, &scope.service);
        ctx.access_key = Some(scope.access_key.clone());
        request_id.clone_into(&mut ctx.request_id);
        ctx.method = method.to_string();
        ctx.uri = uri.to_string();
        ctx.is_secure = true;

        let checks = Self::checks(service, &parsed.operation, &parsed.input, &ctx);
        seen.resources = resources_of(&checks, &parsed.input);
        seen.caller = Some(caller.clone());

        let course = match self.misbehave(&ctx, &parsed.operation, protocol).await {
            Ok(Course::Dropped) => return (protocol, Ok(Outcome::Hangup)),
            Ok(course) => course,
            Err(error) => return (protocol, Err(error)),
        };
        let vault = self.vault_policy(&parsed.input, &ctx);
        let result = match self.permit(&caller, &checks, vault.as_ref(), &ctx, protocol) {
            Ok(()) => {
                service
                    .handler
                    .handle_streaming(&parsed.operation, parsed.input, &ctx)
                    .await
            }
            Err(error) => Err(error),
        };
        if course == Course::Unanswered {
            return (protocol, Ok(Outcome::Lost(result.map(drop))));
        }
        (protocol, result.map(Outcome::Answer))
    }

    /// Applies the faults in force.
    async fn misbehave(
        &self,
        ctx: &RequestContext,
        operation: &str,
        protocol: Protocol,
    ) -> Result<Course, AwsError> {
        let verdict = self
            .faults
            .judge(&ctx.service, &ctx.account_id, &ctx.region, operation);
        if !verdict.delay.is_zero() {
            tokio::time::sleep(verdict.delay).await;
        }
        let (kind, message) = match verdict.fault {
            None | Some(FaultKind::Latency { .. }) => return Ok(Course::On),
            Some(FaultKind::Drop) => return Ok(Course::Dropped),
            Some(FaultKind::LostAnswer) => return Ok(Course::Unanswered),
            Some(FaultKind::ExpiredCredentials) => (
                Refusal::Expired,
                message_of(&ctx.service, Refusal::Expired).to_owned(),
            ),
            Some(FaultKind::Throttle) => (Refusal::Throttled, "Rate exceeded".to_owned()),
            Some(FaultKind::ServerError { status: 503 }) => (
                Refusal::Unavailable,
                "Please reduce your request rate.".to_owned(),
            ),
            Some(FaultKind::ServerError { .. }) => (
                Refusal::Internal,
                "We encountered an internal error. Please try again.".to_owned(),
            ),
            Some(FaultKind::Deny) => (
                Refusal::Denied,
                format!(
                    "You are not authorized to perform: {}:{operation} with an explicit deny in a service control policy",
                    ctx.service
                ),
            ),
        };
        Err(refuse(&ctx.service, protocol, kind, &message))
    }

    fn remember(
        &self,
        time: Timestamp,
        request_id: String,
        seen: Seen,
        status: u16,
        error_code: Option<String>,
    ) {
        let caller = seen.caller;
        let session = caller.as_ref().and_then(|caller| match &caller.kind {
            CallerKind::Session(session) => Some(std::sync::Arc::clone(session)),
            CallerKind::Root | CallerKind::User { .. } => None,
        });
        let (account, principal_arn) = caller
            .map(|caller| (caller.account, caller.arn))
            .unwrap_or_default();
        self.calls.record(CallRecord {
            time,
            account,
            region: seen.region,
            service: seen.service,
            action: seen.operation,
            principal_arn,
            session_name: session.as_ref().map(|session| session.session_name.clone()),
            source_identity: session
                .and_then(|session| session.source_identity.clone())
                .or(seen.source_identity),
            access_key_id: seen.access_key,
            status,
            error_code,
            request_id,
            resources: seen.resources,
        });
    }
}

fn requested_source_identity(service: &str, input: &serde_json::Value) -> Option<String> {
    (service == "sts")
        .then(|| input.get("SourceIdentity")?.as_str().map(str::to_owned))
        .flatten()
}

fn resources_of(checks: &[Check], input: &serde_json::Value) -> Vec<String> {
    let mut resources: Vec<String> = Vec::new();
    let role = input
        .get("RoleArn")
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned);
    for resource in checks
        .iter()
        .map(|check| check.resource.clone())
        .chain(role)
    {
        if resource != "*" && !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    resources
}

fn message_of(service: &str, refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Expired if service == "s3" => "The provided token has expired.",
        Refusal::Expired if service == "ec2" => "Request has expired.",
        Refusal::Expired => "The security token included in the request is expired",
        _ => "The security token included in the request is invalid.",
    }
}

fn answer(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// A response whose body fails before its first byte: the server closes the connection unanswered.
fn hang_up() -> Response<Body> {
    Response::new(Body::from_stream(futures::stream::iter([Err::<
        Bytes,
        io::Error,
    >(
        io::Error::from(io::ErrorKind::ConnectionReset),
    )])))
}
