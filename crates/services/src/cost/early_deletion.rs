use tidemark_domain::{
    RecoveryPoint,
    cost::{EarlyDeletion, early_deletion as charge},
};

use crate::Services;

/// What deleting these points now would cost, because they lie in cold storage for less than 90 days. The
/// caller has been let see the points already.
pub fn early_deletion<'a>(
    services: &Services,
    points: impl IntoIterator<Item = &'a RecoveryPoint>,
) -> EarlyDeletion {
    charge(points, &services.prices, services.clock.now())
}
