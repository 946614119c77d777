use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, time::MissedTickBehavior};

use super::{Web, chain, router};

const TIDY_EVERY: Duration = Duration::from_mins(1);
/// How long open requests may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the server is told to stop, then lets open requests end.
pub async fn serve(listener: TcpListener, web: Web) -> std::io::Result<()> {
    let stopping = web.stopping.clone();
    let tidying = tokio::spawn(tidy(web.clone()));
    let app = router(web).into_make_service_with_connect_info::<SocketAddr>();
    let signal = stopping.clone();
    let server =
        axum::serve(listener, app).with_graceful_shutdown(async move { signal.cancelled().await });
    let result = tokio::select! {
        result = server => result,
        () = async { stopping.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("Requests were still open when the server stopped");
            Ok(())
        }
    };
    tidying.abort();
    result
}

/// Forgets what is over: ended sessions, addresses that have been quiet.
async fn tidy(web: Web) {
    let mut turn = tokio::time::interval(TIDY_EVERY);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turn.tick().await;
        web.tidy();
        if let Err(error) = web.sessions.delete_expired().await {
            tracing::warn!(error = %chain(&error), "Ended sessions could not be deleted");
        }
    }
}
