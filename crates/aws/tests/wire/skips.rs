//! Which case a world cannot run, and why. `tests/README.md` shows the same table to people; a test
//! keeps the two together.

use crate::world::World;

/// Why a world does not run a case; none when it does.
pub(crate) fn reason(world: World, case: &str) -> Option<&'static str> {
    SKIPS
        .iter()
        .find(|(w, c, _)| *w == world && *c == case)
        .map(|(_, _, reason)| *reason)
}

pub(crate) const SKIPS: &[(World, &str, &str)] = &[];
