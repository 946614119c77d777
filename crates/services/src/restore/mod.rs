//! Restores: prefill the form, plan, start; and the run that carries the plan out.

mod checks;
mod confirm;
mod destination;
mod digest;
mod joins;
mod plan;
mod policy;
mod prefill;
mod run;
mod settings;
mod source;
mod start;
mod words;

pub use plan::plan;
pub(crate) use prefill::default_service_role;
pub use prefill::prefill;
pub use run::{RESTORE_KIND, RestoreRun};
pub(crate) use run::{RestoreParams, RestorePorts, created, is_essential, rest_of, steps_of};
pub use start::start;
pub(crate) use start::{again, targets, targets_of};
