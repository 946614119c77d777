use std::time::Duration;

use tokio::{net::TcpListener, time::MissedTickBehavior};

use super::{Web, chain, doors, router};

const TIDY_EVERY: Duration = Duration::from_mins(1);
/// How long open requests may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the server is told to stop, then lets open requests end.
pub async fn serve(listener: TcpListener, web: Web) {
    let tidying = tokio::spawn(tidy(web.clone()));
    let (limits, stopping) = (web.settings.doors, web.stopping.clone());
    doors::serve(listener, router(web), limits, stopping, GRACE).await;
    tidying.abort();
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
