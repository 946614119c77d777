//! The connections: how many there may be, and how long one may wait for its request. Somebody who opens many and sends
//! nothing, or half a request, takes no place from others for long: where places run out, those go first that have waited
//! longest.

mod body;
mod limits;
mod open;
mod watched;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use body::Kept;
pub use limits::DoorLimits;
use open::{Open, Place};
use watched::Watched;

/// After an error of the machine, such as no more files.
const PAUSE: Duration = Duration::from_millis(50);
/// What who finds no place is told, without reading what they send.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-type: text/plain\r\n\
                      content-length: 39\r\nconnection: close\r\n\r\nToo many connections are open. Try later";

/// Serves until it is told to stop; then lets requests that are under way end, for so long.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    limits: DoorLimits,
    stopping: CancellationToken,
    grace: Duration,
) {
    let open = Arc::new(Open::new(limits));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => match open.admit(peer.ip()) {
                Some(place) => {
                    connections.spawn(attend(stream, peer, app.clone(), place, stopping.clone()));
                }
                None => {
                    let _ = stream.try_write(FULL);
                }
            },
            Err(error) => {
                tracing::debug!(%error, "A connection could not be accepted");
                // No more files: one that waits gives its own back.
                open.close_longest();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if timeout(grace, connections.wait()).await.is_err() {
        tracing::warn!("Requests were still open when the server stopped");
    }
}

/// One connection, to its end.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    place: Place,
    stopping: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let state = place.state();
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&state)));
    let answering = Arc::clone(&state);
    let service = service_fn(move |request: Request<Incoming>| {
        let serving = answering.serving();
        let app = app.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            let answer = app.oneshot(request).await;
            answer.map(|response| response.map(|body| Kept::new(body, serving)))
        }
    });
    let connection = http1::Builder::new().serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    let mut is_told = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%error, "A connection broke off");
                }
                return;
            }
            () = stopping.cancelled(), if !is_told => {
                is_told = true;
                connection.as_mut().graceful_shutdown();
            }
            () = place.closed() => return,
            () = sleep_until(state.next_look()) => {
                if state.is_over(Instant::now()) {
                    return;
                }
            }
        }
    }
}
