//! The built program between Lambda's runtime interface and a bucket, both over HTTP.

use std::{
    collections::VecDeque,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use serde_json::{Value, json};
use tidemark_records::{index::LayoutKind, ports::PortErrorKind, testing::Faults};
use tokio::{sync::mpsc, time::timeout};

use crate::{
    bucket_over_http::{Answer, bucket, serve},
    events::{all_types, changes, event, poisoned, thousand},
    world::World,
};

/// The program, ended with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the program told the runtime interface: the rest of the path, and the body.
type Told = (String, Value);

/// The runtime interface: hands the events out, one after the other, and passes on what it is told.
async fn lambda(
    events: Arc<Mutex<VecDeque<Value>>>,
    told: mpsc::UnboundedSender<Told>,
    request: Request<Incoming>,
) -> Answer {
    let path = request.uri().path().to_owned();
    let rest = path.strip_prefix("/2018-06-01/runtime/").unwrap();
    if request.method() == Method::GET {
        assert_eq!(rest, "invocation/next");
        let next = events.lock().unwrap().pop_front();
        let Some(event) = next else {
            // Lambda freezes the program until there is something to do.
            return std::future::pending().await;
        };
        return Response::builder()
            .header("content-type", "application/json")
            .header(
                "lambda-runtime-aws-request-id",
                "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            )
            .header("lambda-runtime-deadline-ms", "4102444800000")
            .header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:eu-west-1:111122223333:function:capture",
            )
            .header(
                "lambda-runtime-trace-id",
                "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
            )
            .body(Full::from(event.to_string()))
            .unwrap();
    }
    let rest = rest.to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    told.send((rest, body)).unwrap();
    Response::builder()
        .status(StatusCode::ACCEPTED)
        .body(Full::from(Bytes::from_static(b"{\"status\":\"OK\"}")))
        .unwrap()
}

/// Starts the program on a world's bucket; answers what it tells of each event.
async fn invoke(world: &World, faults: Faults, events: &[Value]) -> Vec<Told> {
    let store = world.store.with_faults(faults);
    let s3 = serve(move |request| bucket(store.clone(), request)).await;
    let queue = Arc::new(Mutex::new(VecDeque::from(events.to_vec())));
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let api = serve(move |request| lambda(queue.clone(), sender.clone(), request)).await;
    let _program = Program(
        Command::new(env!("CARGO_BIN_EXE_bootstrap"))
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "capture")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_SESSION_TOKEN", "token")
            .env("AWS_ENDPOINT_URL_S3", format!("http://{s3}"))
            .env("TIDEMARK_BUCKET", "memory")
            .env("TIDEMARK_PREFIX", world.prefix)
            .env("TIDEMARK_TABLE", "memory")
            .stdin(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut all = Vec::new();
    for _ in events {
        let told = timeout(Duration::from_mins(1), receiver.recv()).await;
        all.push(told.unwrap().unwrap());
    }
    all
}

#[tokio::test]
async fn the_program_stores_the_events_that_lambda_hands_it() {
    for layout in [LayoutKind::Segments, LayoutKind::Objects] {
        let (world, within) = (World::new(layout).await, World::new(layout).await);
        let mut batch = thousand();
        batch[500] = poisoned(batch[500].take());
        let events = [changes(), all_types(), event(&batch)];
        for (path, body) in invoke(&world, Faults::none(), &events).await {
            assert_eq!(
                path,
                "invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response"
            );
            assert_eq!(body, json!({"batchItemFailures": []}));
        }
        for event in events {
            within.function().handle(&event).await.unwrap();
        }
        assert_eq!(
            world.versions().await,
            within.versions().await,
            "{layout:?}"
        );
        assert_eq!(world.present().await, within.present().await);
    }
}

#[tokio::test]
async fn the_program_tells_lambda_why_an_invocation_failed_and_goes_on() {
    let world = World::new(LayoutKind::Segments).await;
    let events = [json!({"detail": {}}), changes()];
    let told = invoke(&world, Faults::none(), &events).await;
    assert!(told[0].0.ends_with("/error"), "{told:?}");
    assert_eq!(told[0].1["errorType"], "NotADynamoDbEvent");
    assert!(told[1].0.ends_with("/response"), "{told:?}");
    assert_eq!(world.present().await.len(), 1);

    let forbidden = Faults::none().refuse("s3:PutObject", 99, PortErrorKind::Denied);
    let told = invoke(&world, forbidden, &[event(&thousand())]).await;
    assert!(told[0].0.ends_with("/error"), "{told:?}");
    assert_eq!(told[0].1["errorType"], "BackupFailed");
    let message = told[0].1["errorMessage"].as_str().unwrap();
    assert!(message.contains("s3:PutObject"), "{message}");
}
