//! Being asked to stop.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long the end may take. Requests and steps that are under way have 10 and 20 seconds; what takes longer, such as a
/// database that does not answer, ends with the process. Leases run out, and others go on.
const LONGEST: Duration = Duration::from_secs(28);

/// Cancels the token at the first SIGTERM or ctrl-c; the second one ends the process at once. The process ends within
/// [`LONGEST`] in any case.
pub(crate) fn stop_on_signals(stop: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if first {
                tracing::info!("Stopping; open requests and steps may end");
                stop.cancel();
                // A thread of its own: it depends on nothing.
                std::thread::spawn(|| {
                    std::thread::sleep(LONGEST);
                    tracing::warn!("The end took too long; the process ends now");
                    std::process::exit(1);
                });
            } else {
                std::process::exit(130);
            }
        }
    });
    Ok(())
}
