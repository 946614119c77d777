//! From the bucket to a command.

mod check;
mod download;

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::{DumpError, DumpStore, Manifest, put::spawn};

/// Who takes the stream. Dropped before its end, it is stopped without seeing the end of its input.
pub trait Taker: Send {
    /// Takes the next bytes.
    fn take(&mut self, part: &[u8]) -> std::io::Result<()>;

    /// All of it was right and has been taken: its input is closed; in words how it ended where it did not end well.
    fn end(&mut self) -> Result<(), String>;
}

/// Brings a dump back. The end of the stream is given only when all of it has been compared with the manifest.
pub async fn get(
    store: &Arc<dyn DumpStore>,
    key: &str,
    taker: Box<dyn Taker>,
    stop: impl Future<Output = ()> + Send,
) -> Result<Manifest, DumpError> {
    Manifest::check_key(key)?;
    let manifest = Manifest::find(&**store, key)
        .await?
        .ok_or_else(|| DumpError::Missing {
            key: key.to_owned(),
        })?;
    let (pieces, comes) = tokio::sync::mpsc::channel(check::WAITING);
    let (done, checked) = oneshot::channel();
    let expected = manifest.clone();
    spawn("dump-check", move || {
        let _ = done.send(check::all(comes, &expected, taker));
    })?;
    let bring = async {
        // Where the one side ends early, the other says why.
        let (brought, checked) = tokio::join!(download::all(store, &manifest, pieces), checked);
        let checked = checked.unwrap_or_else(|error| Err(DumpError::Process(error.to_string())));
        brought.and(checked)
    };
    tokio::select! {
        result = bring => result.map(|()| manifest.clone()),
        () = stop => Err(DumpError::Stopped),
    }
}
