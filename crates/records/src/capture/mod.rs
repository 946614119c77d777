//! Keeping every change of a table: from its stream, and once from a scan.

mod apply;
mod backfill;
mod lambda;
mod prepare;
mod quiet;
mod shards;
mod streamer;
mod understand;
mod watcher;

pub use apply::{Applied, Applier, Failed, Marks};
pub use backfill::{Backfill, BackfillOptions, BackfillProgress};
pub use lambda::{LambdaEventError, records_of_lambda_event, records_of_lambda_value};
pub use prepare::prepare;
pub(crate) use prepare::same_key;
pub use streamer::{Streamer, StreamerOptions, Tick, capture_name};
pub use understand::understand;
pub use watcher::Watcher;
