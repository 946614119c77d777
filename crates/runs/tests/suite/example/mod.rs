//! Two kinds of runs over simulated worlds that count effects.

pub(crate) mod ledger;
pub(crate) mod restore;
