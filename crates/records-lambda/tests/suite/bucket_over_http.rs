//! A bucket in memory behind as much of S3's HTTP as the function speaks.

use std::{collections::BTreeMap, convert::Infallible, fmt::Write as _, net::SocketAddr};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, Response, StatusCode, body::Incoming, header::HeaderMap, http::response,
    server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tidemark_records::{
    ports::{
        Condition, GetObject, ObjectHead, ObjectStore, PortError, PortErrorKind, PutObject,
        VersionCursor, VersionPage,
    },
    testing::MemoryStore,
};
use tokio::net::TcpListener;

pub(crate) type Answer = Response<Full<Bytes>>;

/// Serves requests with a function on a port of its own for as long as the test runs.
pub(crate) async fn serve<F, Fut>(answer: F) -> SocketAddr
where
    F: Fn(Request<Incoming>) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let answered = answer(request);
                async move { Ok::<_, Infallible>(answered.await) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

/// Answers a request to the bucket `/memory`.
pub(crate) async fn bucket(store: MemoryStore, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let path = head.uri.path().strip_prefix("/memory").unwrap();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let name = decoded(path.strip_prefix('/').unwrap_or_default());
    let query: BTreeMap<String, String> = head
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let version = query.get("versionId").cloned();
    let answered = match head.method {
        Method::GET if query.contains_key("versions") => {
            let after = query.get("key-marker").map(|name| VersionCursor {
                name: name.clone(),
                version: query.get("version-id-marker").cloned(),
            });
            let page = store.list_versions(&query["prefix"], after.as_ref()).await;
            page.map(|page| Response::new(listing(&page).into()))
        }
        Method::GET => {
            let object = store.get(&GetObject::version(&name, version)).await;
            object.map(|object| known(&object.head).body(object.body.into()).unwrap())
        }
        Method::HEAD => {
            let object = store.head(&name, version.as_deref()).await;
            object.map(|found| known(&found).body(Full::default()).unwrap())
        }
        Method::PUT => {
            let stored = store.put(&written(name, &head.headers, body)).await;
            stored.map(|stored| {
                Response::builder()
                    .header("etag", stored.etag)
                    .header("x-amz-version-id", stored.version.unwrap())
                    .body(Full::default())
                    .unwrap()
            })
        }
        Method::DELETE => {
            let marker = store.delete(&name).await;
            marker.map(|marker| {
                Response::builder()
                    .status(StatusCode::NO_CONTENT)
                    .header("x-amz-delete-marker", "true")
                    .header("x-amz-version-id", marker.unwrap())
                    .body(Full::default())
                    .unwrap()
            })
        }
        method => unreachable!("{method} {}", head.uri),
    };
    answered.unwrap_or_else(|error| refused(&error))
}

fn written(name: String, headers: &HeaderMap, body: Bytes) -> PutObject {
    let text = |name: &str| Some(headers.get(name)?.to_str().unwrap().to_owned());
    assert_eq!(text("x-amz-trailer"), None, "the body is sent in one piece");
    let mut put = PutObject::new(name, body);
    if let Some(etag) = text("if-match") {
        put.condition = Condition::Matches(etag);
    } else if text("if-none-match").is_some() {
        put.condition = Condition::Absent;
    }
    for (name, value) in headers {
        if let Some(name) = name.as_str().strip_prefix("x-amz-meta-") {
            let value = value.to_str().unwrap().to_owned();
            put.metadata.insert(name.to_owned(), value);
        }
    }
    put
}

fn known(head: &ObjectHead) -> response::Builder {
    let modified = head.modified.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let mut answer = Response::builder()
        .header("etag", &head.etag)
        .header("last-modified", modified.to_string())
        .header("x-amz-version-id", head.version.as_deref().unwrap());
    for (name, value) in &head.metadata {
        answer = answer.header(format!("x-amz-meta-{name}"), value);
    }
    answer
}

fn listing(page: &VersionPage) -> String {
    let encoded = |name: &str| utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
    let mut text = String::from("<ListVersionsResult><EncodingType>url</EncodingType>");
    for found in &page.versions {
        let tag = if found.deleted {
            "DeleteMarker"
        } else {
            "Version"
        };
        let at: Timestamp = found.modified;
        write!(
            text,
            "<{tag}><Key>{}</Key><VersionId>{}</VersionId><IsLatest>{}</IsLatest>\
             <LastModified>{at}</LastModified><Size>{}</Size></{tag}>",
            encoded(&found.name),
            found.version,
            found.latest,
            found.size,
        )
        .unwrap();
    }
    write!(text, "<IsTruncated>{}</IsTruncated>", page.next.is_some()).unwrap();
    if let Some(next) = &page.next {
        write!(
            text,
            "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>{}</NextVersionIdMarker>",
            encoded(&next.name),
            next.version.as_deref().unwrap_or_default(),
        )
        .unwrap();
    }
    text + "</ListVersionsResult>"
}

fn refused(error: &PortError) -> Answer {
    let (status, code) = match error.kind {
        PortErrorKind::NotFound => (StatusCode::NOT_FOUND, "NoSuchKey"),
        PortErrorKind::PreconditionFailed => {
            (StatusCode::PRECONDITION_FAILED, "PreconditionFailed")
        }
        PortErrorKind::Denied => (StatusCode::FORBIDDEN, "AccessDenied"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
    };
    let text = format!("<Error><Code>{code}</Code><Message>{error}</Message></Error>");
    Response::builder()
        .status(status)
        .body(Full::from(text))
        .unwrap()
}
