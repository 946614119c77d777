//! What backups cost, estimated from a dated list of prices. An estimate is never a bill.

mod early_deletion;
mod estimate;
mod forecast;
mod plan_future;
mod prices;
mod report;

pub use early_deletion::{EarlyDeletion, early_deletion};
pub use estimate::{Estimate, Stored, StoredBytes, estimate};
pub use forecast::{CostMonth, forecast};
pub use plan_future::{FutureFailure, FutureMonth, PlanFuture, TakenType};
pub use prices::{Price, PriceKind, PriceList};
pub use report::{CostLine, CostReport};

/// Bytes of the unit in which AWS prices storage.
const GB: f64 = 1_073_741_824.0;

#[expect(
    clippy::cast_precision_loss,
    reason = "an estimate to the cent needs no more than 52 bits of bytes"
)]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / GB
}
